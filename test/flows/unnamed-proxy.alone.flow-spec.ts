import { startApp } from '../support/app.js';
import { captureOutput } from '../support/log-capture.js';
import { call } from '../support/people.js';

describe('A proxy that is missing in the settings', () => {
  it('is logged once, because all clients then share one address', async () => {
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
