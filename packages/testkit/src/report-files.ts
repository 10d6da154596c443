import type { FastifyInstance } from 'fastify';
import { mayDownload, reportStatus } from './reports.ts';
import { reportPdf } from './report-pdf.ts';
import type { World } from './world.ts';

/** The storage behind `pdf_url`: no Authorization, only the signature and its expiry (docs/certn-api.md 2.6, step 4). */
export function registerReportFiles(app: FastifyInstance, world: World): void {
  app.get<{ Params: { name: string }; Querystring: { expires?: string; signature?: string } }>(
    '/files/reports/:name',
    async (request, reply) => {
      const id = request.params.name.replace(/\.pdf$/, '');
      const { expires = '', signature = '' } = request.query;
      if (!mayDownload(id, expires, signature)) {
        return reply.code(403).type('application/xml').send('<Error><Code>AccessDenied</Code></Error>');
      }
      const facts = factsOf(world, id);
      if (!facts) return reply.code(404).type('application/xml').send('<Error><Code>NoSuchKey</Code></Error>');
      return reply.type('application/pdf').send(Buffer.from(await reportPdf(facts)));
    },
  );
}

function factsOf(world: World, fileId: string): Parameters<typeof reportPdf>[0] | undefined {
  const file = world.store.reports.get(fileId);
  const found = file && reportStatus(file, Date.now()) === 'COMPLETE' ? world.store.cases.get(file.case) : undefined;
  if (!found) return undefined;
  const packages = world.store.accounts.get(found.account)?.packages ?? [];
  return {
    shortId: found.short_id,
    packageName: packages.find((entry) => entry.id === found.package)?.name ?? 'Single checks',
    status: found.overall_status,
    score: found.overall_score ?? 'not yet',
    ordered: found.created.slice(0, 10),
    checks: found.checks.map(({ type, status, score }) => ({ type, status, score: score ?? '–' })),
  };
}
