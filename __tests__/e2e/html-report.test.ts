/** The HTML report in a real browser: by keyboard, in light and dark, on a phone, and for whoever can't see it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { formatReport } from '../../checks/report/formats';
import { blocksOf, byWeight } from '../../checks/report/order';
import type { ExportReport, Finding } from '../../checks/verdict/finding';
import { EVERYTHING, fleet, largeReport, OPTIONS } from '../checks/report/support';
import { openBrowser } from './support/browser';
import { altrExport, ROOT } from './support/command';
import { describeOnRealParts } from './support/real-parts';

/** `docs/images/finding.png`, which `UPDATE_DOCS=1` takes anew. */
const PICTURE = { width: 960, height: 620 };
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

describeOnRealParts('the HTML report in a browser', ['browser'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-html-'));
  const artifacts = join(ROOT, 'artifacts');
  const file = join(folder, 'report.html');
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    writeFileSync(file, await formatReport(EVERYTHING, 'html', OPTIONS));
    browser = await openBrowser();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The report in a page that notes every request but the file's own, and every complaint of the browser. */
  const open = async (
    options: BrowserContextOptions = {},
    path = file,
  ): Promise<{ page: Page; complaints: string[] }> => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    const url = pathToFileURL(path).href;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (request.url() !== url) complaints.push(`asks for ${request.url()}`);
    });
    await page.goto(url);
    return { page, complaints };
  };

  const shown = (page: Page, selector = 'article') => page.locator(`${selector}:visible`).count();

  test('filters by keyboard alone, complains of nothing and asks for nothing', async () => {
    const { page, complaints } = await open();
    const all = EVERYTHING.exports.flatMap(cardsOf);
    const of = (...statuses: string[]) => all.filter(({ status }) => statuses.includes(status)).length;
    expect(await shown(page)).toBe(all.length - of('pass'));

    // From the top of the page: the table's region, its links, then the first box.
    const focused = () => page.evaluate<string>('document.activeElement.value ?? ""');
    for (let step = 0; step < 60 && (await focused()) !== 'fail'; step++) await page.keyboard.press('Tab');
    expect(await focused()).toBe('fail');
    await page.keyboard.press('Space');
    expect(await shown(page)).toBe(all.length - of('pass', 'fail'));
    await page.keyboard.press('Space');

    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await shown(page, 'article.unknown')).toBe(0);
    await page.keyboard.press('Space');

    for (let step = 0; step < 20 && (await focused()) !== 'critical'; step++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await shown(page, 'article[data-severity=critical]')).toBe(0);
    expect(await shown(page, 'article[data-severity=high]')).toBeGreaterThan(0);
    await page.keyboard.press('Space');

    const select = page.locator('select');
    await select.focus();
    await page.keyboard.type('many');
    const many = EVERYTHING.exports.findIndex(({ name }) => name === 'many');
    expect(await shown(page, `section[data-export="${many}"] article`)).toBeGreaterThan(3);
    expect(await shown(page)).toBe(await shown(page, `section[data-export="${many}"] article`));
    const inMany = EVERYTHING.exports[many]?.findings.filter(({ status }) => status !== 'pass').length;
    const inAll = EVERYTHING.exports.flatMap(({ findings }) => findings).length;
    expect(inAll).toBeGreaterThan(all.length);
    expect(await page.locator('#shown').textContent()).toBe(`${inMany} of ${inAll} findings shown`);

    const summary = page.locator('summary:visible', { hasText: 'The document as it was found' }).first();
    await summary.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('details[open] mark').first().textContent()).toMatch(/\S/);
    expect(complaints).toEqual([]);
  }, 60_000);

  test('the picture in the README shows a finding of examples/audit', async () => {
    const report = join(folder, 'example.html');
    const args = ['check', '--observation', 'seen.json', '--output', report];
    const { code } = await altrExport(args, {
      cwd: join(ROOT, 'examples', 'audit'),
      env: { PATH: process.env.PATH ?? '' },
    });
    expect(code).toBe(1);
    const { page } = await open({ colorScheme: 'light', viewport: PICTURE }, report);
    await page.evaluate('document.querySelector("section[data-export]").scrollIntoView()');
    const card = await page.locator('article', { hasText: 'trust-external-id' }).boundingBox();
    expect(card?.y).toBeGreaterThan(0);
    expect((card?.y ?? 0) + (card?.height ?? 0)).toBeLessThanOrEqual(PICTURE.height);
    const picture = join(ROOT, 'docs', 'images', 'finding.png');
    if (process.env.UPDATE_DOCS === '1') await page.screenshot({ path: picture });
    const png = readFileSync(picture);
    expect({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) }).toEqual(PICTURE);
    expect(png.length).toBeLessThan(150_000);
  }, 60_000);

  test('every link of the table leads to something that is shown, an export without faults too', async () => {
    const { page } = await open();
    const hidden: string[] = [];
    for (const link of await page.locator('table a').all()) {
      const target = (await link.getAttribute('href')) ?? '';
      if (!(await page.locator(target).isVisible())) hidden.push(target);
    }
    expect(hidden).toEqual([]);
    const compliant = EVERYTHING.exports.findIndex(({ findings }) =>
      findings.every(({ status }) => status === 'pass'),
    );
    const section = page.locator(`section[data-export="${compliant}"]`);
    expect(await section.locator('.nothing').isVisible()).toBe(true);
    await page.locator('input[value=pass]').check();
    expect(await section.locator('.nothing').isVisible()).toBe(false);
  }, 60_000);

  test('marks exactly the part that the finding points to', async () => {
    const { page } = await open();
    const entry = EVERYTHING.exports.find(({ name }) => name === 'many');
    const finding = entry?.findings.find(
      ({ rule, status }) => rule === 'bucket-foreign-access' && status === 'fail',
    );
    expect(finding?.location?.pointer).toBe('/Statement/1/Principal/AWS');
    const card = page.locator('article', { hasText: finding?.fingerprint ?? '-' });
    expect(await card.locator('mark').textContent()).toBe('"222222222222"');
  }, 60_000);

  test.each([
    ['light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
    ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }],
    ['phone', { colorScheme: 'light', viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 }],
  ] as const)(
    'has no serious accessibility fault and fits its width: %s',
    async (name, options) => {
      const { page, complaints } = await open({ ...options, bypassCSP: true });
      await page.evaluate(
        '[...document.querySelectorAll("details")].slice(0, 8).forEach((entry) => { entry.open = true; })',
      );
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow).toBeLessThanOrEqual(0);
      await page.evaluate(AXE);
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: {
            run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
          };
        };
        return (await axe.run()).violations.map(
          ({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`,
        );
      });
      expect(violations.filter((text) => /^(serious|critical)/.test(text))).toEqual([]);
      expect(complaints).toEqual([]);
      await page.screenshot({ path: join(artifacts, `html-report-${name}.png`) });
      await page.screenshot({
        path: join(artifacts, `html-report-${name}-full.png`),
        fullPage: true,
        clip: { x: 0, y: 0, width: options.viewport.width, height: 3_000 },
      });
    },
    60_000,
  );

  test('on paper a summary has the first page, and every export at most one more', async () => {
    const pagesOf = async (path: string) => {
      const { page } = await open({}, path);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('form').isVisible()).toBe(false);
      expect(await page.locator('details:visible').count()).toBe(0);
      expect(await page.locator('article:visible').count()).toBeGreaterThan(0);
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
      await page.screenshot({ path: join(artifacts, 'html-report-print.png'), fullPage: true });
      return pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    };
    const withFindings = EVERYTHING.exports.filter(({ findings }) =>
      findings.some(({ status }) => status !== 'pass'),
    );
    const pages = await pagesOf(file);
    expect(pages).toBeGreaterThan(1);
    expect(pages).toBeLessThanOrEqual(1 + withFindings.length);
    const path = join(folder, 'printed.html');
    writeFileSync(path, await formatReport(largeReport(1_000), 'html', OPTIONS));
    expect(await pagesOf(path)).toBeLessThanOrEqual(1 + 10);
  }, 120_000);

  test('sorts the table by any column, and finds exports in it', async () => {
    const { page, complaints } = await open();
    const column = async (number: number) => {
      const cells = page.locator(`tbody tr:not(.group):visible > :nth-child(${number})`);
      return (await cells.allTextContents()).map((text) => text.trim());
    };
    const group = page.locator('tbody:has-text("Account 123456789012")');
    const names = async () => group.locator('tr:not(.group):visible > th').allTextContents();
    const sorted = (list: readonly string[]) => [...list].sort((a, b) => a.localeCompare(b));

    await page.getByRole('button', { name: 'export' }).click();
    expect(await page.locator('th[aria-sort=ascending]').textContent()).toBe('export');
    expect(await names()).toEqual(sorted(await names()));
    await page.getByRole('button', { name: 'export' }).click();
    expect(await page.locator('th[aria-sort=descending]').textContent()).toBe('export');
    expect(await names()).toEqual(sorted(await names()).reverse());

    await page.getByRole('button', { name: 'critical' }).click();
    expect(await names()).not.toEqual(sorted(await names()).reverse());
    const critical = (await column(5)).map((text) => Number(text === '·' ? 0 : text));
    expect(Math.max(...critical)).toBe(critical[0]);

    await page.locator('input[type=search]').fill('ROLE viol');
    const found = await column(1);
    expect(found).toContain('role-exists');
    expect(found.every((name) => name.includes('role'))).toBe(true);
    expect(await page.locator('#search output').textContent()).toBe(
      `${found.length} of ${EVERYTHING.exports.length} exports`,
    );
    await page.locator('input[type=search]').fill('no such export');
    expect(await page.locator('tbody tr:visible').count()).toBe(0);
    expect(complaints).toEqual([]);
  }, 60_000);

  test('the summary names the top causes and counts violations by severity and account', async () => {
    const { page } = await open();
    const first = page.locator('.causes li').first();
    expect(await first.textContent()).toMatch(/^FAIL critical trust-/);
    expect(await page.locator('.group').allTextContents()).toEqual([
      expect.stringMatching(/^Account 123456789012: \d+ exports, \d+ compliant, \d+ violating, \d+ unknown$/),
      'Account not known: 1 export, 0 compliant, 0 violating, 1 unknown',
    ]);
    expect(await page.locator('header p b').first().textContent()).toMatch(
      /^\d+ violations: \d+ critical, \d+ high/,
    );
  }, 60_000);

  test('runs no script and loads nothing that a name or a message brings along', async () => {
    const bad =
      '<img src="https://example.invalid/x" onerror="document.title=1"><script>document.title="owned"</script>';
    const [entry] = EVERYTHING.exports.slice(1);
    const hostile = {
      ...EVERYTHING,
      exports: [
        {
          ...entry,
          name: bad,
          documents: { [bad]: { [bad]: [bad] } },
          findings: entry?.findings.map((finding) => ({
            ...finding,
            message: bad,
            actual: bad,
            location: { document: bad, pointer: '' },
          })),
        },
      ],
    } as typeof EVERYTHING;
    const path = join(folder, 'hostile.html');
    writeFileSync(path, await formatReport(hostile, 'html', OPTIONS));
    const { page, complaints } = await open({}, path);
    expect(await page.title()).toMatch(/^ALTR audit-log exports: /);
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
    // The policy holds by itself, if something ever slipped through.
    const added = `<img src="https://example.invalid/x" onerror="document.title='owned'">`;
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(added)})`);
    expect(await page.title()).not.toBe('owned');
    expect(complaints.filter((text) => text.includes('Content Security Policy'))).not.toEqual([]);
  }, 60_000);

  test.each([
    ['thousands of findings', largeReport(3_000)],
    ['a thousand exports', fleet(1_000)],
  ])(
    'opens, filters and sorts a report of %s',
    async (what, report) => {
      const path = join(folder, `${what}.html`);
      writeFileSync(path, await formatReport(report, 'html', OPTIONS));
      const started = Date.now();
      const { page, complaints } = await open({}, path);
      const all = report.exports.flatMap(({ findings }) => findings);
      const shownOf = (shown: number) => `${shown} of ${all.length} findings shown`;
      expect(await page.locator('#shown').textContent()).toBe(
        shownOf(all.filter(({ status }) => status !== 'pass').length),
      );
      await page.locator('select').selectOption('7');
      expect(await page.locator('#shown').textContent()).toBe(
        shownOf(
          report.exports
            .slice(7, 8)
            .flatMap(({ findings }) => findings)
            .filter(({ status }) => status !== 'pass').length,
        ),
      );
      await page.getByRole('button', { name: 'verdict' }).click();
      await page.locator('input[type=search]').fill('export-7');
      await page.waitForFunction('document.querySelector("#search output").textContent !== ""');
      // A second or two on an idle machine; the tests run on busy ones.
      expect(Date.now() - started).toBeLessThan(60_000);
      expect(complaints).toEqual([]);
    },
    120_000,
  );
});

/** Findings of one cause share a card. */
function cardsOf(entry: ExportReport): Finding[] {
  const findings = byWeight(entry.findings).map((finding) => ({ finding, entry }));
  return blocksOf(findings).map(({ finding }) => finding);
}
