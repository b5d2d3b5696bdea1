/** Who may assume the auditor's role: the trust document, and what it must not leave open. */
import { accountIdFaults, clientIdFaults } from '../../contract/names';
import { partitionOf } from '../../contract/partition';
import { ASSUME_ACTION, accountRootArn, EXTERNAL_ID_KEY } from '../../contract/policies';
import type { ContractCondition, ContractDocument } from '../../contract/statement';

/**
 * Tokens of an OpenID Connect provider that the account has, for example GitHub's or GitLab's.
 * Sources: IAM User Guide, "Create a role for OpenID Connect federation"; GitHub Docs, "Configuring OpenID Connect in
 * Amazon Web Services"; GitLab Docs, "Configure OpenID Connect in AWS".
 */
export interface OidcTrust {
  /** For example `arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com`. */
  readonly providerArn: string;
  /** The `aud` claim: `sts.amazonaws.com` for GitHub, what `id_tokens: aud` says for GitLab. */
  readonly audience: string;
  /**
   * The `sub` claims that are let in, for example `repo:acme/infra:ref:refs/heads/main` (GitHub) or
   * `project_path:acme/infra:ref_type:branch:ref:main` (GitLab). `*` and `?` are wildcards behind the owner's slash.
   */
  readonly subjects: readonly string[];
}

/** An AWS account, such as the one that a central scan runs in. */
export interface AccountTrust {
  readonly accountId: string;
  /** Demanded as `sts:ExternalId`, if given. */
  readonly externalId?: string;
}

export type AuditorTrust = OidcTrust | AccountTrust;

const OIDC_PROVIDER = /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/(.+)$/;

/** Faults of a trust, each a sentence. Without a subject every repository of the provider's users could come in. */
export function auditorTrustFaults(trust: AuditorTrust): string[] {
  if (!('providerArn' in trust)) {
    return [
      ...accountIdFaults(trust.accountId).map(
        (fault) => `trust.accountId ${shown(trust.accountId)} ${fault}`,
      ),
      ...(trust.externalId === undefined
        ? []
        : clientIdFaults(trust.externalId).map(
            (fault) => `trust.externalId ${shown(trust.externalId)} ${fault}`,
          )),
    ];
  }
  const faults: string[] = [];
  if (!OIDC_PROVIDER.test(trust.providerArn))
    faults.push(
      `trust.providerArn ${shown(trust.providerArn)} must be the ARN of an OIDC provider, arn:aws:iam::<account>:oidc-provider/<host>`,
    );
  if (!/^[^*?\s]+$/.test(trust.audience))
    faults.push(`trust.audience ${shown(trust.audience)} must be one exact value, such as sts.amazonaws.com`);
  if (trust.subjects.length === 0)
    faults.push('trust.subjects must name at least one subject, or everybody’s tokens are let in');
  for (const subject of trust.subjects) {
    const exact = subject.split(/[*?]/)[0] ?? '';
    if (subject.trim() === '' || subject !== subject.trim())
      faults.push(`trust.subjects ${shown(subject)} must have text, and no white space around it`);
    else if (exact !== subject && !/:[^/:]+\//.test(exact))
      faults.push(
        `trust.subjects ${shown(subject)} must name the owner in full, up to its slash, before a wildcard, such as repo:acme/infra:*`,
      );
  }
  return faults;
}

/** The trust document of the auditor's role. @param region any region of the partition */
export function auditorTrustDocument(trust: AuditorTrust, region: string): ContractDocument {
  if ('providerArn' in trust) {
    const host = OIDC_PROVIDER.exec(trust.providerArn)?.[1] ?? '';
    // StringLike with an exact value is StringEquals; one operator keeps all subjects alternatives of each other.
    const like = trust.subjects.some((subject) => /[*?]/.test(subject));
    const Condition: ContractCondition = like
      ? {
          StringEquals: { [`${host}:aud`]: trust.audience },
          StringLike: { [`${host}:sub`]: trust.subjects },
        }
      : { StringEquals: { [`${host}:aud`]: trust.audience, [`${host}:sub`]: trust.subjects } };
    return statement({ Federated: trust.providerArn }, 'sts:AssumeRoleWithWebIdentity', Condition);
  }
  const principal = { AWS: accountRootArn(partitionOf(region) ?? 'aws', trust.accountId) };
  return statement(
    principal,
    ASSUME_ACTION,
    trust.externalId === undefined ? undefined : { StringEquals: { [EXTERNAL_ID_KEY]: trust.externalId } },
  );
}

function statement(
  Principal: { readonly AWS: string } | { readonly Federated: string },
  Action: string,
  Condition: ContractCondition | undefined,
): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action, Condition }],
  };
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}
