import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningApp, startApp } from '../support/app.js';
import { call } from '../support/people.js';

const whole = { loading: false, step: null };

describe('the loading state of the demo in a local run', () => {
  let app: RunningApp;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'demo-state-'));
    file = join(folder, 'state.json');
    app = await startApp({ env: { DEMO_STATE_FILE: file } });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const state = async () => (await call(app.url, 'GET', '/dev/demo')).body;

  it('is what the start wrote last', async () => {
    expect(await state()).toEqual(whole);
    writeFileSync(file, JSON.stringify({ loading: true, step: 'importing 60 lines' }));
    expect(await state()).toEqual({ loading: true, step: 'importing 60 lines' });
    writeFileSync(file, JSON.stringify({ loading: false, step: null }));
    expect(await state()).toEqual(whole);
  });

  it.each(['', '{"loading":tr', 'null', '[]', '{"loading":"yes","step":7}'])(
    'is absent when the file holds %j',
    async (text) => {
      writeFileSync(file, text);
      expect(await state()).toEqual(whole);
    },
  );
});
