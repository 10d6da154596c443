import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { describeApi } from '../../src/api-document/document.js';
import { createApp } from '../../src/app.js';
import { environment } from '../support/environment.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const file = join(import.meta.dirname, '..', '..', 'openapi.json');

describe('openapi.json', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environment(database.url));
    app = await createApp();
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  it('is what the code says; "npm run openapi" updates it', () => {
    const described = JSON.parse(JSON.stringify(describeApi(app))) as unknown;
    if (process.env['UPDATE_OPENAPI']) writeFileSync(file, `${JSON.stringify(described, null, 2)}\n`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(described);
  });
});
