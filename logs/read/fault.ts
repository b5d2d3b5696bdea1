/** What can be wrong with a stored object or one of its records. */

/** Why a piece of an object is no record. */
export interface ReadFault {
  readonly code:
    | 'empty'
    | 'encoding'
    | 'gzip'
    | 'limit'
    | 'not-json'
    | 'too-deep'
    | 'too-large'
    | 'truncated'
    | 'unexpected-text';
  /** One sentence without a full stop. */
  readonly message: string;
}
