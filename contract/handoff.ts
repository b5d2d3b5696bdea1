/** The portal hand-off: which field of ALTR's portal gets which value (vendor page, step 5). */

/** The only region that the portal accepts (vendor page, step 5, "Caution"). */
const PORTAL_REGION = 'us-east-1';

/** Placeholder in the role's ARN for an unknown customer account. */
export const ACCOUNT_PLACEHOLDER = '<your account>';

const PLACEHOLDER_NOTE =
  `${ACCOUNT_PLACEHOLDER} stands for the 12 digits of your own AWS account: name it with --account-id, or take ` +
  'the whole ARN from the output role_arn after the deployment.';

/** A field or switch of the portal, under the portal's own name. */
export interface HandoffField {
  readonly label: string;
  readonly value: string;
}

/** What a person has to enter in ALTR's portal after the deployment. */
export interface Handoff {
  /** Where in the portal: the menu path. */
  readonly location: readonly string[];
  readonly fields: readonly HandoffField[];
  /** The two switches, and what each one sends. */
  readonly toggles: readonly HandoffField[];
  /** What to do after the fields are filled in, one sentence each. */
  readonly steps: readonly string[];
  /** A hint about a region that the portal does not accept. Never a refusal. */
  readonly regionHint?: string;
  /** What to send to ALTR's support for a region that the portal can't take. */
  readonly apiRoute?: { readonly ask: string; readonly values: readonly HandoffField[] };
  /** What is still open, one sentence each, such as a placeholder in a value. */
  readonly notes: readonly string[];
}

/** What the hand-off is of. The ARN may be a Terraform reference. */
export interface HandoffTarget {
  readonly bucket: string;
  readonly region: string;
  readonly roleArn: string;
  /** What else is open. */
  readonly notes?: readonly string[];
}

/** The hand-off of an export whose role has this ARN. */
export function handoffFor({ bucket, region, roleArn, notes = [] }: HandoffTarget): Handoff {
  const handoff: Handoff = {
    location: ['Settings', 'Preferences', 'Organization', 'S3 Integration'],
    fields: [
      { label: 'S3 Bucket Name', value: bucket },
      { label: 'ARN for IAM Role', value: roleArn },
    ],
    toggles: [
      { label: 'Alerts', value: 'the System Audits that ALTR generates when a threshold is triggered' },
      { label: 'Query Audits', value: 'every query on sensitive data' },
    ],
    steps: [
      'Click “Test Access” and wait for the success message. It does not notice a missing ExternalId condition: ' +
        'run the check for that.',
      'Switch on “Alerts”, “Query Audits” or both.',
    ],
    notes: [...(roleArn.includes(ACCOUNT_PLACEHOLDER) ? [PLACEHOLDER_NOTE] : []), ...notes],
  };
  if (region === PORTAL_REGION) return handoff;
  return {
    ...handoff,
    regionHint:
      `The bucket is in ${region}. The vendor’s page says that the portal supports ${PORTAL_REGION} only ` +
      'and that other regions are configured by API: ask support@altr.com.',
    apiRoute: {
      // The vendor's page names no endpoint and no request, so nothing of either is made up here.
      ask: 'Ask ALTR support (support@altr.com) to configure the S3 integration by API, with these values',
      values: [...handoff.fields, { label: 'Region', value: region }],
    },
  };
}
