/** A fault of one option: its path, such as `encryption.kmsKeyArn`, and a sentence that can stand behind it. */
export interface OptionFault {
  readonly option: string;
  readonly message: string;
}
