/** What happens if nobody reads what is printed. */
import { EXIT_UNDECIDED } from './errors';

/**
 * A reader that has seen enough (`| head`) is no error: the rest is dropped, files are still written, and the exit code
 * is that of the run. A full disk is one.
 */
export function listenToStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`stdout can't be written (${error.code}); send it elsewhere, or name an --output\n`);
    process.exit(EXIT_UNDECIDED);
  });
  process.stderr.on('error', () => {});
}
