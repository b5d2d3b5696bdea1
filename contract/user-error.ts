/**
 * A fault that the user can fix: one sentence that says what is wrong, where, and what to do. The command line
 * prints the message alone and exits with 2.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
