// Packs the Terraform module as the Terraform Registry lays one out: the module at the root, examples/, LICENSE, CHANGELOG.
// node scripts/module-archive.mjs FOLDER writes FOLDER/terraform-aws-altr-audit-log-export-VERSION.tar.gz. Needs GNU tar.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const archive = join(
  resolve(process.argv[2] ?? '.'),
  `terraform-aws-altr-audit-log-export-${version}.tar.gz`,
);

const tree = mkdtempSync(join(tmpdir(), 'altr-module-'));
try {
  cpSync(join(root, 'modules', 'terraform'), tree, {
    recursive: true,
    // What Terraform leaves behind, and tests of ours.
    filter: (path) => !/\/(\.terraform.*|tests|.*\.tfstate.*)$/.test(path),
  });
  cpSync(join(root, 'LICENSE'), join(tree, 'LICENSE'));
  // The pages that it links to are not in the archive.
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  writeFileSync(join(tree, 'CHANGELOG.md'), changelog.replaceAll(/\[([^\]]+)\]\((?!https?:)[^)]+\)/g, '$1'));
  // The same bytes from the same sources: no times, owners or order of the machine.
  const same = [
    '--sort=name',
    '--mtime=2000-01-01T00:00:00Z',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u=rwX,go=rX',
    '--format=ustar',
  ];
  const tar = execFileSync('tar', ['--create', ...same, '--directory', tree, '.'], { maxBuffer: 2 ** 26 });
  writeFileSync(archive, gzipSync(tar, { level: 9 }));
} finally {
  rmSync(tree, { recursive: true });
}
process.stdout.write(`${archive}\n`);
