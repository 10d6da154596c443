import { startApp } from '../support/app.js';
import { captureOutput } from '../support/log-capture.js';
import { call } from '../support/people.js';

describe('A proxy that the settings do not name', () => {
  it('is spoken of in the log, once: without it everybody has one address', async () => {
    const output = captureOutput();
    const app = await startApp({ env: { LOG_LEVEL: 'info' } });
    try {
      for (const from of ['198.51.100.1', '198.51.100.2']) {
        await call(app.url, 'GET', '/health/live', undefined, { 'x-forwarded-for': from });
      }
      expect(output.text().match(/TRUST_PROXY_HOPS is 0/g)).toHaveLength(1);
    } finally {
      await app.close();
      output.stop();
    }
  });
});
