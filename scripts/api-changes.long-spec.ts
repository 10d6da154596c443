import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { breakingChanges, judged } from './api-changes.ts';

interface Schema {
  type?: string | string[];
  properties: Record<string, Record<string, unknown>>;
  required: string[];
}

interface Described {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: Record<string, unknown> }[];
  requestBody: { required: boolean };
  responses: Record<string, { headers: Record<string, unknown>; content: Record<string, unknown> }>;
  [more: string]: unknown;
}

interface Document {
  openapi: string;
  info: Record<string, unknown>;
  servers: object[];
  tags: object[];
  paths: Record<string, Record<'get' | 'post', Described>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, unknown> };
}

/** A list and the creation of what it lists, with the names of the bodies. */
interface Place {
  path: string;
  request: string;
  response: string;
  /** A text with a limit in the request. */
  text: string;
  /** A field of one of several words, in the request and in the response. */
  choice: string;
}

const places: Place[] = [
  { path: '/ats/v0/jobs', request: 'CreateJobRequest', response: 'JobResponse', text: 'name', choice: 'status' },
  {
    path: '/ats/v0/users',
    request: 'CreateUserRequest',
    response: 'UserResponse',
    text: 'name',
    choice: 'access_level',
  },
];

const file = join(import.meta.dirname, '..', 'openapi.json');
const whole = JSON.parse(readFileSync(file, 'utf8')) as Document;
const picked = <T>(from: Record<string, T>, names: string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
/** Only the place, with one refusal: comparing the whole document takes a second. */
function documentOf({ path, request, response }: Place): Document {
  const { schemas, responses, ...components } = whole.components;
  const document: Document = structuredClone({
    ...whole,
    paths: picked(whole.paths, [path]),
    components: {
      ...components,
      schemas: picked(schemas, [request, response, 'ErrorResponse', 'DiscrepancyResponse']),
      responses: picked(responses, ['BadRequest']),
    },
  });
  for (const method of Object.values(document.paths[path] ?? {})) {
    method.responses = picked(method.responses, ['200', '201', '400']);
  }
  return document;
}

/** The parts of a copy that a change is planted into. */
function partsOf(copy: Document, { path, request, response, text, choice }: Place) {
  const { get: list, post: create } = copy.paths[path] as Record<'get' | 'post', Described>;
  const body = copy.components.schemas[request] as Schema;
  const shown = copy.components.schemas[response] as Schema;
  const field = (schema: Schema, name: string) => schema.properties[name] as Record<string, unknown>;
  const page = list.responses['200'] as Described['responses'][string];
  return {
    ...{ copy, path, list, create, body, shown, page },
    text: field(body, text),
    asked: field(body, choice) as { enum: string[] },
    told: field(shown, choice) as { enum: string[] },
    name: field(shown, 'name'),
    parameter: (name: string) => list.parameters.find((one) => one.name === name) as Described['parameters'][number],
  };
}
type Parts = ReturnType<typeof partsOf>;

const drop = (record: Record<string, unknown>, name: string): void => void Reflect.deleteProperty(record, name);
const without = (list: string[], name: string): string[] => list.filter((one) => one !== name);

const breaking: [what: string, plant: (parts: Parts) => void][] = [
  ['a path is gone', ({ copy, path }) => drop(copy.paths, path)],
  ['an operation is gone', ({ copy, path }) => drop(copy.paths[path] ?? {}, 'post')],
  ['an operation has another name', ({ list }) => (list.operationId = 'browse')],
  ['a parameter is gone', ({ list }) => list.parameters.shift()],
  ['a parameter has another name', ({ parameter }) => (parameter('per_page').name = 'size')],
  [
    'a new parameter is required',
    ({ list }) => list.parameters.push({ name: 'q', in: 'query', required: true, schema: { type: 'string' } }),
  ],
  ['a parameter becomes required', ({ parameter }) => (parameter('per_page').required = true)],
  ['a parameter has a lower maximum', ({ parameter }) => (parameter('per_page').schema['maximum'] = 50)],
  ['a parameter has a higher minimum', ({ parameter }) => (parameter('per_page').schema['minimum'] = 10)],
  ['a parameter has another type', ({ parameter }) => (parameter('per_page').schema['type'] = 'boolean')],
  ['a field of a request is gone', ({ body }) => drop(body.properties, 'name')],
  [
    'a new field of a request is required',
    ({ body }) => {
      body.properties['colour'] = { type: 'string' };
      body.required.push('colour');
    },
  ],
  ['a text of a request must be shorter', ({ text }) => (text['maxLength'] = 10)],
  ['a text of a request must be longer', ({ text }) => (text['minLength'] = 10)],
  ['a text of a request has another pattern', ({ text }) => (text['pattern'] = '^[a-z]+$')],
  ['a field of a request has another type', ({ text }) => (text['type'] = 'integer')],
  ['a word of a request is gone', ({ asked }) => asked.enum.pop()],
  [
    'another content type is asked for',
    ({ create }) => Object.assign(create.requestBody, { content: { 'text/csv': {} } }),
  ],
  [
    'a field of an answer is gone',
    ({ shown }) => {
      drop(shown.properties, 'name');
      shown.required = without(shown.required, 'name');
    },
  ],
  ['a field of an answer may be missing', ({ shown }) => (shown.required = without(shown.required, 'created_at'))],
  ['a field of an answer may be null', ({ name }) => (name['type'] = ['string', 'null'])],
  ['a field of an answer has another type', ({ name }) => (name['type'] = 'integer')],
  ['a field of an answer is an object', ({ shown }) => (shown.properties['name'] = { type: 'object' })],
  ['a list is an object', ({ page }) => (page.content['application/json'] = { schema: { type: 'object' } })],
  [
    'an answer has another content type',
    ({ page }) => (page.content = { 'text/csv': page.content['application/json'] }),
  ],
  [
    'a success has another status',
    ({ create }) => {
      create.responses['200'] = create.responses['201'] as Described['responses'][string];
      drop(create.responses, '201');
    },
  ],
  ['a header of an answer is gone', ({ page }) => drop(page.headers, 'X-Total-Count')],
  ['a sign-in of another kind is asked for', ({ list }) => (list['security'] = [{ other: [] }])],
  ['a time is no time', ({ shown }) => (shown.properties['created_at'] = { type: 'integer' })],
  [
    'a body becomes a list',
    ({ create }) =>
      Object.assign(create.requestBody, { content: { 'application/json': { schema: { type: 'array' } } } }),
  ],
];

const told = { description: 'More', schema: { type: 'string' } };
const harmless: [what: string, plant: (parts: Parts) => void][] = [
  [
    'a new path',
    ({ copy, list }) => (copy.paths['/ats/v0/more'] = { get: { ...list, operationId: 'listMore' } } as never),
  ],
  [
    'a new operation',
    ({ copy, path, list }) => Object.assign(copy.paths[path] ?? {}, { put: { ...list, operationId: 'more' } }),
  ],
  [
    'a new parameter',
    ({ list }) => list.parameters.push({ name: 'q', in: 'query', required: false, schema: { type: 'string' } }),
  ],
  [
    'a new header that may be sent',
    ({ list }) => list.parameters.push({ name: 'X-More', in: 'header', required: false, schema: { type: 'string' } }),
  ],
  ['a parameter is described', ({ parameter }) => Object.assign(parameter('page'), { description: 'Which one' })],
  ['a parameter has a higher maximum', ({ parameter }) => (parameter('per_page').schema['maximum'] = 900)],
  ['a parameter has a lower minimum', ({ parameter }) => (parameter('per_page').schema['minimum'] = 0)],
  [
    'more values of a filter',
    ({ list }) =>
      list.parameters
        .filter((one) => 'schema' in one && one.schema['type'] === 'array')
        .forEach(({ schema }) => (schema['maxItems'] = 99)),
  ],
  ['a new field of a request', ({ body }) => (body.properties['more'] = { type: 'string' })],
  [
    'two new fields of a request',
    ({ body }) => Object.assign(body.properties, { more: { type: 'string' }, most: { type: 'boolean' } }),
  ],
  ['a field of a request may be left out', ({ body }) => (body.required = without(body.required, 'name'))],
  ['a field of a request may be null', ({ text }) => (text['type'] = ['string', 'null'])],
  ['a text of a request may be longer', ({ text }) => (text['maxLength'] = 999)],
  ['a text of a request has no limit', ({ text }) => drop(text, 'maxLength')],
  ['a text of a request may be anything', ({ text }) => drop(text, 'pattern')],
  ['a new word of a request', ({ asked }) => asked.enum.push('more')],
  ['a field of a request is described', ({ text }) => (text['description'] = 'As people call it')],
  ['a field of a request has an example', ({ text }) => (text['examples'] = ['Nurse'])],
  ['a body may be left out', ({ create }) => (create.requestBody.required = false)],
  [
    'another body is accepted, too',
    ({ create }) =>
      Object.assign((create.requestBody as unknown as { content: object }).content, {
        'text/csv': { schema: { type: 'string' } },
      }),
  ],
  ['a new field of an answer', ({ shown }) => (shown.properties['more'] = { type: 'string' })],
  [
    'a new field of an answer that is always there',
    ({ shown }) => {
      shown.properties['more'] = { type: 'string' };
      shown.required.push('more');
    },
  ],
  [
    'a new object in an answer',
    ({ shown }) => (shown.properties['more'] = { type: 'object', properties: { id: { type: 'string' } } }),
  ],
  ['a new word of an answer', ({ told: words }) => words.enum.push('more')],
  ['two new words of an answer', ({ told: words }) => words.enum.push('more', 'most')],
  ['a word no longer comes', ({ told: words }) => words.enum.pop()],
  ['a field of an answer is described', ({ name }) => (name['description'] = 'As people call it')],
  ['a field of an answer has an example', ({ name }) => (name['examples'] = ['Nurse'])],
  ['a field of an answer is bounded', ({ name }) => (name['maxLength'] = 255)],
  [
    'an answer comes in another content type, too',
    ({ page }) => (page.content['text/csv'] = { schema: { type: 'string' } }),
  ],
  ['a new header of an answer', ({ page }) => (page.headers['X-More'] = told)],
  [
    'a new refusal',
    ({ create }) => (create.responses['418'] = { headers: {}, content: {}, description: 'I refuse' } as never),
  ],
  [
    'a new success',
    ({ create }) => (create.responses['202'] = { headers: {}, content: {}, description: 'Later' } as never),
  ],
  ['another summary', ({ list }) => (list['summary'] = 'Look through them')],
  ['another description', ({ list }) => (list['description'] = 'All of them, newest first')],
  ['another tag', ({ list }) => (list['tags'] = ['More'])],
  ['more documents', ({ list }) => (list['externalDocs'] = { url: 'https://example.org' })],
  ['another description of an answer', ({ page }) => Object.assign(page, { description: 'A page of them' })],
  ['another title', ({ copy }) => (copy.info['title'] = 'More')],
  ['another version', ({ copy }) => (copy.info['version'] = '1')],
  ['another description of all', ({ copy }) => (copy.info['description'] = 'More')],
  ['a new server', ({ copy }) => copy.servers.push({ url: 'https://more.example.org' })],
  ['a new tag', ({ copy }) => copy.tags.push({ name: 'More' })],
  ['a new schema', ({ copy, shown }) => (copy.components.schemas['More'] = shown)],
  ['a new shared answer', ({ copy }) => (copy.components.responses['More'] = { description: 'More' })],
  ['an unused schema is gone', ({ copy }) => drop(copy.components.schemas, 'DiscrepancyResponse')],
  ['an operation is deprecated', ({ list }) => (list['deprecated'] = true)],
  ['a parameter is deprecated', ({ parameter }) => Object.assign(parameter('page'), { deprecated: true })],
  ['a remark of a tool', ({ list }) => (list['x-more'] = true)],
  [
    'fields in another order',
    ({ shown }) => (shown.properties = Object.fromEntries(Object.entries(shown.properties).reverse())),
  ],
];

const planted = (table: typeof breaking) =>
  table.flatMap(([what, plant]) => places.map((place) => ({ what, plant, place })));

describe('Between two descriptions of the API', () => {
  const found = ({ plant, place }: ReturnType<typeof planted>[number]) => {
    const [before, after] = [documentOf(place), documentOf(place)];
    plant(partsOf(after, place));
    return breakingChanges(before, after);
  };

  it.each(planted(breaking))('is caught that $what ($place.path)', (one) => expect(found(one)).not.toEqual([]));

  it.each(planted(harmless))('passes: $what ($place.path)', (one) => expect(found(one)).toEqual([]));

  it('nothing changed', () => {
    expect(places.flatMap((place) => breakingChanges(documentOf(place), documentOf(place)))).toEqual([]);
    expect([breaking.length, planted(harmless).length]).toEqual([30, 100]);
  });

  it('a change may be accepted, and what is accepted must happen', () => {
    const change = { action: 'remove', path: 'paths /ats/v0/me get', before: {}, after: undefined };
    const accepted = { change: '^remove paths /ats/v0/me ', reason: 'Nobody reads it' };
    expect(judged([change], [])).toEqual({ refused: [change], unused: [] });
    expect(judged([change], [accepted])).toEqual({ refused: [], unused: [] });
    expect(judged([], [accepted])).toEqual({ refused: [], unused: [accepted] });
  });
});
