/** The portal hand-off: which field of ALTR's portal gets which value (vendor page, step 5). */

/** The only region that the portal accepts (vendor page, step 5, "Caution"). */
export const PORTAL_REGION = 'us-east-1';

/** What a person has to enter in ALTR's portal after the deployment. */
export interface Handoff {
  /** Where in the portal: the menu path. */
  readonly location: readonly string[];
  readonly fields: readonly { readonly label: string; readonly value: string }[];
  /** What to do after the fields are filled in, one sentence each. */
  readonly steps: readonly string[];
  /** A hint about the region, where the portal can't take it. Never a refusal. */
  readonly regionHint?: string;
}

/** The hand-off of an export whose role has this ARN. The ARN may be a Terraform reference. */
export function handoffFor(target: { bucket: string; region: string; roleArn: string }): Handoff {
  const handoff: Handoff = {
    location: ['Settings', 'Preferences', 'Organization', 'S3 Integration'],
    fields: [
      { label: 'S3 Bucket Name', value: target.bucket },
      { label: 'ARN for IAM Role', value: target.roleArn },
    ],
    steps: [
      'Click “Test Access” and wait for the success message. It does not notice a missing ExternalId condition: ' +
        'run the check for that.',
      'Switch on “Alerts”, “Query Audits” or both.',
    ],
  };
  if (target.region === PORTAL_REGION) return handoff;
  return {
    ...handoff,
    regionHint:
      `The bucket is in ${target.region}. The vendor’s page says that the portal supports ${PORTAL_REGION} only ` +
      'and that other regions are configured by API: ask support@altr.com.',
  };
}

/** The hand-off as plain text. */
export function formatHandoff(handoff: Handoff): string {
  const width = Math.max(...handoff.fields.map((field) => field.label.length));
  return [
    `In ALTR’s portal: ${handoff.location.join(' → ')}`,
    ...handoff.fields.map((field) => `  ${field.label.padEnd(width)}  ${field.value}`),
    ...handoff.steps.map((step, index) => `  ${index + 1}. ${step}`),
    ...(handoff.regionHint ? [`  Note: ${handoff.regionHint}`] : []),
  ].join('\n');
}
