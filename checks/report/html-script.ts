/** The HTML report's script: filters, and every document open on paper. The report can be read without it. */
export const SCRIPT = `
const form = document.getElementById('filter');
const cards = [...document.querySelectorAll('article')];
const sections = [...document.querySelectorAll('section')];
const apply = () => {
  const data = new FormData(form);
  const statuses = data.getAll('status'), severities = data.getAll('severity'), name = data.get('export');
  let shown = 0;
  for (const card of cards) {
    const { status, severity } = card.dataset;
    card.hidden = !statuses.includes(status) || !severities.includes(severity) || (name !== '' && card.parentElement.dataset.export !== name);
    if (!card.hidden) shown++;
  }
  for (const section of sections) {
    section.hidden = name !== '' && section.dataset.export !== name;
    section.querySelector('.nothing').hidden = section.querySelector('article:not([hidden])') !== null;
  }
  document.getElementById('shown').textContent = shown + ' of ' + cards.length + ' findings shown';
};
form.addEventListener('change', apply);
form.addEventListener('submit', (event) => event.preventDefault());
form.hidden = false;
apply();
let closed = [];
addEventListener('beforeprint', () => {
  closed = [...document.querySelectorAll('article:not([hidden]) details:not([open])')];
  for (const details of closed) details.open = true;
});
addEventListener('afterprint', () => { for (const details of closed) details.open = false; });
`;
