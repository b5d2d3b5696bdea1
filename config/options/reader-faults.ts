/** What is wrong with those who read the logs: declared readers, the feed's, and those made beside the construct. */
import { parseArn, principalPatternFaults } from '../../contract/arn';
import type { ExportDefinition } from '../../contract/contract';
import { hasRoleNamePrefix, ROLE_NAME_PREFIX, roleNameFaults } from '../../contract/names';
import type { Feeds, OtherReader } from '../provisioned-names';
import type { OptionFault } from './option-fault';
import type { Provisioning } from './provisioning';

/** The options that name readers. */
export type ReaderOptions = Pick<Provisioning, 'readers' | 'bucketPolicy'> &
  Pick<Feeds, 'splunkFeed'> & { readonly otherReaders?: readonly OtherReader[] };

/** A reader, whoever makes it. */
interface AnyReader {
  readonly option: string;
  /** The option by which a role is made. */
  readonly madeBy?: string | undefined;
  readonly attachedTo?: readonly string[] | undefined;
}

export function allReaders({ readers = [], splunkFeed, otherReaders = [] }: ReaderOptions): AnyReader[] {
  const reader = (option: string, by: string, made: unknown, attachedTo?: readonly string[]): AnyReader => ({
    option,
    madeBy: made === undefined ? undefined : `${option}.${by}`,
    attachedTo,
  });
  return [
    ...readers.map(({ trustedPrincipals, attachedTo }, index) =>
      reader(`readers.${index}`, 'trustedPrincipals', trustedPrincipals, attachedTo),
    ),
    ...(splunkFeed
      ? [reader('splunkFeed', 'readerPrincipalArn', splunkFeed.readerPrincipalArn, splunkFeed.attachedTo)]
      : []),
    ...otherReaders.map(({ roleName, attachedTo }, index) =>
      reader(`otherReaders.${index}`, 'roleName', roleName, attachedTo),
    ),
  ];
}

export function readerFaults(definition: ExportDefinition, options: ReaderOptions): OptionFault[] {
  return [
    ...declaredFaults(definition, options),
    ...otherFaults(options),
    ...allReaders(options).flatMap(({ option, madeBy, attachedTo }): OptionFault[] => {
      if (madeBy && attachedTo)
        return [
          {
            option: `${option}.attachedTo`,
            message: `can’t go with ${madeBy}: the role that is made has the policy already`,
          },
        ];
      if (madeBy || attachedTo || !options.bucketPolicy?.onlyReaders) return [];
      return [
        {
          option,
          message:
            'can’t go with bucketPolicy.onlyReaders: no role is made that the bucket’s policy could let through; name in ' +
            'attachedTo whom you attach its policy to',
        },
      ];
    }),
  ];
}

function declaredFaults(
  { altrAccountId }: ExportDefinition,
  { readers = [], splunkFeed }: ReaderOptions,
): OptionFault[] {
  const altrReads = (option: string, principals: readonly string[]): OptionFault[] =>
    principals
      .filter((text) => text === altrAccountId || parseArn(text)?.accountId === altrAccountId)
      .map((text) => ({
        option,
        message: `${text} is ALTR’s account: ALTR may write logs, and not read them`,
      }));
  const principal = splunkFeed?.readerPrincipalArn;
  const ofReaders = readers.flatMap((reader, index) => {
    const option = `readers.${index}`;
    const faults: OptionFault[] = [];
    const first = readers.findIndex(({ name }) => name.toLowerCase() === reader.name.toLowerCase());
    if (first < index)
      faults.push({
        option: `${option}.name`,
        message: `${JSON.stringify(reader.name)} is already that of readers.${first}`,
      });
    if (reader.externalId !== undefined && !reader.trustedPrincipals)
      faults.push({
        option: `${option}.externalId`,
        message: `needs ${option}.trustedPrincipals: without them no role is made that could demand it`,
      });
    return [...faults, ...altrReads(`${option}.trustedPrincipals`, reader.trustedPrincipals ?? [])];
  });
  return [...ofReaders, ...altrReads('splunkFeed.readerPrincipalArn', principal ? [principal] : [])];
}

/** No schema has judged these: they are given to the construct, and not by the config. */
function otherFaults({ otherReaders = [] }: ReaderOptions): OptionFault[] {
  return otherReaders.flatMap(({ roleName, attachedTo = [] }, index) => [
    ...(roleName === undefined ? [] : otherNameFaults(roleName)).map((fault) => ({
      option: `otherReaders.${index}.roleName`,
      message: `${JSON.stringify(roleName)} ${fault}`,
    })),
    ...attachedTo.flatMap((text, place) =>
      principalPatternFaults(text).map((fault) => ({
        option: `otherReaders.${index}.attachedTo.${place}`,
        message: `${JSON.stringify(text)} ${fault}`,
      })),
    ),
  ]);
}

function otherNameFaults(roleName: string): string[] {
  if (parseArn(roleName))
    return [
      'is an ARN; give the name alone, of a role in the path of the export’s, or the ARN in attachedTo',
    ];
  if (hasRoleNamePrefix(roleName))
    return [`must not begin with ${ROLE_NAME_PREFIX}: that prefix is for the role that ALTR assumes`];
  return roleNameFaults(roleName);
}
