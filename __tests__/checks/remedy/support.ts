/** Carries out in memory what findings print, as a person would who pastes commands into a shell. */
import type { BucketObservation, KmsGrant } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import type { Finding } from '../../../checks/verdict/finding';
import { EXAMPLE } from '../rules/support';

/** The set-up after a command; `undefined` if the command is about nothing that a set-up describes. */
export function afterCommand(command: string, setUp: SetUp): SetUp | undefined {
  const [, name = ''] = /--policy-name (\S+)/.exec(command) ?? [];
  const [, arn = ''] = /--policy-arn (\S+)/.exec(command) ?? [];
  const attached = setUp.attachedPolicies ?? { 'acme.s3.policy': EXAMPLE.permissions };
  const policyName = unquoted(arn).split('/').at(-1) ?? '';
  const bucket = (changes: Partial<BucketObservation>) => ({
    ...setUp,
    bucket: { ...setUp.bucket, ...changes },
  });
  switch (/^(?:aws \S+ )(\S+)/.exec(command)?.[1]) {
    case 'update-assume-role-policy':
      return { ...setUp, trustPolicy: documentIn(command) };
    case 'put-role-policy':
      return { ...setUp, inlinePolicies: { ...setUp.inlinePolicies, [unquoted(name)]: documentIn(command) } };
    case 'delete-role-policy':
      return { ...setUp, inlinePolicies: without(setUp.inlinePolicies ?? {}, unquoted(name)) };
    case 'detach-role-policy':
      return { ...setUp, attachedPolicies: without(attached, policyName) };
    case 'create-policy-version':
      return policyName === 'boundary'
        ? { ...setUp, permissionsBoundary: documentIn(command) }
        : { ...setUp, attachedPolicies: { ...attached, [policyName]: documentIn(command) } };
    case 'put-bucket-policy':
      return { ...setUp, bucketPolicy: documentIn(command) };
    case 'delete-bucket-policy':
      return { ...setUp, bucketPolicy: undefined };
    case 'put-key-policy':
      return { ...setUp, kmsKeyPolicy: documentIn(command) };
    case 'create-grant':
      return withGrants(setUp, [...grantsOf(setUp), grantIn(command)]);
    case 'revoke-grant': {
      const [, id = ''] = /--grant-id (\S+)/.exec(command) ?? [];
      return withGrants(
        setUp,
        grantsOf(setUp).filter(({ grantId }) => grantId !== unquoted(id)),
      );
    }
    case 'put-public-access-block':
      return bucket({ publicAccessBlock: undefined });
    default: {
      // What is attached again is in no account of the tests.
      const [, otherwise] = /^policy=.*; else (aws iam put-role-policy .*); fi$/.exec(command) ?? [];
      return otherwise === undefined ? undefined : afterCommand(otherwise, setUp);
    }
  }
}

/** The set-up after the commands of all findings, in their order. */
export function afterFixes(findings: readonly Finding[], setUp: SetUp): SetUp {
  const commands = findings.flatMap(({ remediation }) => remediation?.commands ?? []);
  return commands.reduce<SetUp>((before, command) => afterCommand(command, before) ?? before, setUp);
}

function grantsOf({ kmsKey }: SetUp): readonly KmsGrant[] {
  return kmsKey?.grants?.state === 'value' ? kmsKey.grants.value : [];
}

function withGrants(setUp: SetUp, value: readonly KmsGrant[]): SetUp {
  return { ...setUp, kmsKey: { ...setUp.kmsKey, grants: { state: 'value', value: [...value] } } };
}

function grantIn(command: string): KmsGrant {
  const [, granteePrincipal = '', operations = ''] =
    /--grantee-principal (\S+) --operations ([A-Za-z ]+)/.exec(command) ?? [];
  return { grantId: 'made', granteePrincipal, operations: operations.trim().split(' ') };
}

function documentIn(command: string): unknown {
  const [, text = ''] = /--(?:policy|policy-document) ('\{.*\}')$/.exec(command) ?? [];
  return JSON.parse(unquoted(text));
}

function unquoted(word: string): string {
  return word.startsWith("'") ? word.slice(1, -1).replaceAll(`'\\''`, "'") : word;
}

function without<T>(entries: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => key !== name));
}
