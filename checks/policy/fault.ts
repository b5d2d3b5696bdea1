/** Something that was not understood, and where. Every decision that depends on it is undecidable. */
export interface Fault {
  /** JSON pointer (RFC 6901) into the document. */
  readonly pointer: string;
  /** What was not understood, without a full stop. */
  readonly reason: string;
}
