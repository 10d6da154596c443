import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningApp, startApp } from '../support/app.js';
import { call } from '../support/people.js';

const file = join(import.meta.dirname, '..', '..', 'openapi.json');

describe('openapi.json', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it('matches what the service serves; "npm run openapi" updates it', async () => {
    const served = await call(app.url, 'GET', '/openapi.json');
    if (process.env['UPDATE_OPENAPI']) writeFileSync(file, `${JSON.stringify(served.body, null, 2)}\n`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(served.body);
  });
});
