/** An observation without the permissions boundaries that nobody could read. */
import { ABSENT, type ExportObservation, type Observation } from '../observation';

/** The exports whose role has a boundary that could not be read, as if it had none; the others are left out. */
export function unbounded(observation: Observation): Observation {
  return { ...observation, exports: observation.exports.flatMap(withoutUnreadBoundary) };
}

function withoutUnreadBoundary(seen: ExportObservation): ExportObservation[] {
  if (seen.role.state !== 'value') return [];
  const { permissionsBoundary: boundary } = seen.role.value;
  const unread =
    boundary.state === 'unreadable' ||
    (boundary.state === 'value' && boundary.value.document.state !== 'value');
  if (!unread) return [];
  return [{ ...seen, role: { state: 'value', value: { ...seen.role.value, permissionsBoundary: ABSENT } } }];
}
