/** Writes the plain Terraform module, by default to dist/terraform/. Another folder may be named. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { terraformModule } from '../modules/terraform-module';

const folder = process.argv[2] ?? join(__dirname, '..', 'dist', 'terraform');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(terraformModule())) writeFileSync(join(folder, name), text);
