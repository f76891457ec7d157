// Renders the OpenAPI documents of this server. Everything comes from the server itself, and goes into the page as text.
'use strict';

const surfaces = { office: 'Employees and integrators', portal: 'Portal members', public: 'Public' };
const verbs = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key === 'on') for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (value !== false && value !== undefined) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.filter((c) => c !== undefined && c !== null && c !== ''));
  return node;
}

const resolve = (doc, ref) => ref.replace('#/', '').split('/').reduce((node, key) => node?.[key], doc);
const deref = (doc, node) => (node?.$ref ? resolve(doc, node.$ref) : node);
const nameOf = (ref) => ref.split('/').pop();

// type says what a schema is, with a link where it has a name.
function type(schema) {
  if (!schema) return el('span', {}, 'anything');
  if (schema.$ref) return el('a', { href: '#schema-' + nameOf(schema.$ref) }, nameOf(schema.$ref));
  if (schema.allOf?.length === 1) return type(schema.allOf[0]);
  if (schema.type === 'array') return el('span', {}, 'list of ', type(schema.items));
  if (schema.enum) return el('span', {}, schema.enum.map((v) => JSON.stringify(v)).join(' | '));
  if (schema.type === 'object' && schema.additionalProperties?.type) return el('span', {}, 'map of ', type(schema.additionalProperties));
  return el('span', {}, (schema.type ?? 'anything') + (schema.format ? ' (' + schema.format + ')' : ''));
}

function limits(schema) {
  const words = { minLength: 'at least # characters', maxLength: 'at most # characters', minimum: 'at least #', maximum: 'at most #', minItems: 'at least # items', maxItems: 'at most # items', default: '# by default', example: 'such as #' };
  return Object.entries(words).filter(([key]) => schema?.[key] !== undefined).map(([key, text]) => text.replace('#', String(schema[key]))).join(', ');
}

function table(head, rows) {
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': head.join(', ') },
    el('table', {}, el('thead', {}, el('tr', {}, ...head.map((h) => el('th', { scope: 'col' }, h)))), el('tbody', {}, ...rows.map((cells) => el('tr', {}, ...cells.map((c) => el('td', {}, c)))))));
}

function properties(schema) {
  const required = new Set(schema.required ?? []);
  return table(['Field', 'Type', 'About'], Object.entries(schema.properties ?? {}).map(([name, s]) => [
    el('code', {}, name), type(s), [required.has(name) ? 'always' : 'optional', s.description, limits(s)].filter(Boolean).join('. '),
  ]));
}

function operation(doc, path, verb, op) {
  const parts = [];
  if (op.description) parts.push(el('p', { class: 'lead' }, op.description));
  parts.push(el('p', { class: 'note' }, 'Operation ', el('code', {}, op.operationId), op.security?.length ? '. Needs a session.' : '. Needs no session.'));
  const parameters = [...(op.parameters ?? [])].map((p) => deref(doc, p));
  if (parameters.length) {
    parts.push(el('h3', {}, 'Parameters'), table(['Name', 'In', 'Type', 'About'], parameters.map((p) => [
      el('code', {}, p.name), p.in, type(p.schema), [p.required ? 'required' : 'optional', p.description, limits(p.schema)].filter(Boolean).join('. '),
    ])));
  }
  const body = deref(doc, op.requestBody);
  if (body) {
    parts.push(el('h3', {}, 'Body'));
    for (const [media, content] of Object.entries(body.content ?? {})) {
      parts.push(el('p', {}, el('code', {}, media), ' ', type(content.schema)));
      if (content.schema?.properties) parts.push(properties(content.schema));
    }
  }
  parts.push(el('h3', {}, 'Answers'), table(['Status', 'What', 'Body'], Object.entries(op.responses ?? {}).map(([status, r]) => {
    const answer = deref(doc, r);
    const content = Object.entries(answer.content ?? {});
    const headers = Object.keys(answer.headers ?? {});
    return [status === 'default' ? 'otherwise' : status, answer.description + (headers.length ? ' (headers: ' + headers.join(', ') + ')' : ''),
      content.length ? el('span', {}, ...content.flatMap(([media, c]) => [type(c.schema), ' ', el('span', { class: 'note' }, media), ' '])) : ''];
  })));
  return el('details', { class: 'op', id: op.operationId, 'data-words': [verb, path, op.operationId, op.summary].join(' ').toLowerCase() },
    el('summary', {}, el('span', { class: 'verb ' + verb }, verb.toUpperCase()), el('span', { class: 'path' }, path), el('span', { class: 'about' }, op.summary ?? '')),
    el('div', {}, ...parts));
}

function render(doc, surface) {
  const base = doc.servers?.[0]?.url ?? '';
  const groups = new Map((doc.tags ?? []).map((t) => [t.name, { about: t.description, operations: [] }]));
  for (const [path, item] of Object.entries(doc.paths ?? {})) {
    for (const verb of verbs) {
      if (!item[verb]) continue;
      const tag = item[verb].tags?.[0] ?? 'other';
      if (!groups.has(tag)) groups.set(tag, { about: '', operations: [] });
      groups.get(tag).operations.push([base + path, verb, item[verb]]);
    }
  }
  const main = el('main', { id: 'content', tabindex: '-1' }, el('h1', {}, doc.info.title), el('p', { class: 'lead' }, doc.info.description ?? ''),
    el('p', {}, el('a', { href: base + '/openapi/' + surface + '.json' }, 'The contract as OpenAPI ' + doc.openapi)));
  const nav = el('nav', { 'aria-label': 'Operations' });
  for (const [tag, group] of groups) {
    if (!group.operations.length) continue;
    main.append(el('section', { 'aria-labelledby': 'tag-' + tag }, el('h2', { id: 'tag-' + tag }, tag), el('p', { class: 'lead' }, group.about ?? ''), ...group.operations.map((o) => operation(doc, ...o))));
    nav.append(el('h2', {}, tag), el('ul', {}, ...group.operations.map(([, verb, op]) => el('li', { 'data-op': op.operationId }, el('a', { href: '#' + op.operationId }, el('span', { class: 'verb ' + verb }, verb.toUpperCase() + ' '), op.summary ?? op.operationId)))));
  }
  const schemas = Object.entries(doc.components?.schemas ?? {});
  main.append(el('section', { 'aria-labelledby': 'schemas' }, el('h2', { id: 'schemas' }, 'Schemas'), ...schemas.map(([name, schema]) =>
    el('details', { class: 'op', id: 'schema-' + name }, el('summary', {}, el('span', { class: 'path' }, name), el('span', { class: 'about' }, schema.description ?? '')),
      el('div', {}, schema.properties ? properties(schema) : el('p', {}, type(schema)))))));

  const search = el('input', { type: 'search', id: 'search', autocomplete: 'off', on: { input: () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const op of main.querySelectorAll('details[data-words]')) {
      op.hidden = !words.every((w) => op.dataset.words.includes(w));
      const link = nav.querySelector('li[data-op="' + op.id + '"]');
      if (link) link.hidden = op.hidden;
    }
  } } });
  const choose = el('select', { id: 'surface', on: { change: () => load(choose.value) } }, ...available.map((s) => el('option', { value: s, selected: s === surface }, surfaces[s])));
  document.body.replaceChildren(el('a', { class: 'skip', href: '#content' }, 'Skip to the content'),
    el('div', { class: 'frame' }, el('header', { class: 'side' }, el('h1', {}, 'Voordeur API'), el('label', { for: 'surface' }, 'Made for'), choose, el('label', { for: 'search' }, 'Search'), search, nav), main));
  open();
}

// open unfolds what the address points at.
function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.tagName === 'DETAILS') {
    target.open = true;
    target.scrollIntoView();
  }
}

let available = [];
const documents = new Map();

async function load(surface) {
  history.replaceState(null, '', '?' + surface + location.hash);
  render(documents.get(surface), surface);
}

async function start() {
  await Promise.all(Object.keys(surfaces).map(async (surface) => {
    const answer = await fetch('/api/v1/openapi/' + surface + '.json');
    if (answer.ok) documents.set(surface, await answer.json());
  }));
  available = Object.keys(surfaces).filter((s) => documents.has(s));
  const wanted = location.search.slice(1);
  if (available.length) load(available.includes(wanted) ? wanted : available[0]);
  else document.body.append(el('p', {}, 'The contract cannot be read just now. Load this page again.'));
}

addEventListener('hashchange', open);
start();
