import type { INestApplicationContext } from '@nestjs/common';

/** The service without its doors and workers, for a command: what it begins is carried on by the service as soon as it runs. */
export async function quietService(env: NodeJS.ProcessEnv): Promise<INestApplicationContext> {
  const before = { ...process.env };
  Object.assign(process.env, env, { ROLE: 'api', LOG_LEVEL: 'silent', METRICS_PORT: '' });
  try {
    const { createApp } = await import('./app.js');
    return await (await createApp()).init();
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
