/** Measures whole processes: wall-clock time and the peak of resident memory, children included. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Run {
  /** Milliseconds from start to exit. */
  readonly ms: number;
  /** Peak of resident memory of the process and its children, MiB; 0 where /proc does not tell. */
  readonly mib: number;
  readonly code: number;
}

/** Runs a program once to its end. */
export function measure(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = spawn(program, [...args], { env, cwd, stdio: ['ignore', 'ignore', 'inherit'] });
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, residentOf(child.pid ?? 0));
    }, 10);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(watch);
      resolve({ ms: Number(process.hrtime.bigint() - start) / 1e6, mib: peak, code: code ?? -1 });
    });
  });
}

/** The median; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function residentOf(pid: number): number {
  let kib = 0;
  try {
    for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const status = readFileSync(`/proc/${entry}/status`, 'utf8');
      const parent = /^PPid:\s+(\d+)/m.exec(status)?.[1];
      if (entry === String(pid) || parent === String(pid))
        kib += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    }
  } catch {
    // A process that ended meanwhile, or a system without /proc.
  }
  return kib / 1024;
}
