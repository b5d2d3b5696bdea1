/** The HTML report's script: it filters findings, and sorts and searches the table. The report can be read without it. */
export const SCRIPT = `
const form = document.getElementById('filter');
const cards = [...document.querySelectorAll('article')];
// A card may stand for several findings of one cause.
const countOf = (card) => Number(card.dataset.count ?? 1);
const total = cards.reduce((sum, card) => sum + countOf(card), 0);
const sections = [...document.querySelectorAll('section')];
const apply = () => {
  const data = new FormData(form);
  const statuses = new Set(data.getAll('status')), severities = new Set(data.getAll('severity')), name = data.get('export');
  const shownSections = new Set();
  let shown = 0;
  for (const card of cards) {
    const section = card.parentElement;
    const { status, severity } = card.dataset;
    const hide = !statuses.has(status) || !severities.has(severity) || (name !== '' && section.dataset.export !== name);
    if (card.hidden !== hide) card.hidden = hide;
    if (!hide) { shown += countOf(card); shownSections.add(section); }
  }
  for (const section of sections) {
    section.hidden = name !== '' && section.dataset.export !== name;
    section.querySelector('.nothing').hidden = shownSections.has(section);
  }
  document.getElementById('shown').textContent = shown + ' of ' + total + ' findings shown';
};
form.addEventListener('change', apply);
form.addEventListener('submit', (event) => event.preventDefault());
form.hidden = false;
apply();

const table = document.querySelector('table');
const bodies = [...table.tBodies].map((body) => ({ body, group: body.querySelector('.group'), rows: [...body.querySelectorAll('tr:not(.group)')] }));
const rowCount = bodies.reduce((sum, { rows }) => sum + rows.length, 0);
const search = document.getElementById('search');
const input = search.querySelector('input');
input.addEventListener('input', () => {
  const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let found = 0;
  for (const { group, rows } of bodies) {
    let own = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) own++;
    }
    if (group) group.hidden = own === 0;
    found += own;
  }
  search.querySelector('output').textContent = words.length === 0 ? '' : found + ' of ' + rowCount + ' exports';
});
search.hidden = false;

const SEVERE = { violating: 0, unknown: 1, compliant: 2 };
const valueOf = (row, column) => {
  const text = row.cells[column].textContent.trim();
  if (column === 3) return SEVERE[text];
  return column > 3 ? -Number(text === '\\u00b7' ? 0 : text) : text;
};
const compare = (a, b) => typeof a === 'number' ? a - b : a.localeCompare(b, undefined, { numeric: true });
const heads = [...table.tHead.rows[0].cells];
heads.forEach((head, column) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener('click', () => {
    // The first click on a column shows its worst, or its first name, at the top.
    const down = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
    for (const other of heads) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down === 1 ? 'ascending' : 'descending');
    const keyed = bodies.map(({ body, rows }) => ({
      body,
      rows: rows.map((row) => ({ row, value: valueOf(row, column) })).sort((a, b) => down * compare(a.value, b.value)),
    }));
    keyed.sort((a, b) => down * compare(a.rows[0].value, b.rows[0].value));
    for (const { body, rows } of keyed) {
      body.append(...rows.map(({ row }) => row));
      table.append(body);
    }
  });
});
`;
