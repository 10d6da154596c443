import type { FastifyInstance } from 'fastify';
import { reportStatus, requestReport, signedPdfUrl } from '../reports.ts';
import type { World } from '../world.ts';
import { type Answer, missing } from './answers.ts';
import { ownCase } from './cases.ts';
import { type Call, publicRoute } from './gate.ts';

export function registerReports(app: FastifyInstance, world: World): void {
  const generate = { name: 'generate-report', method: 'POST', path: 'cases/:id/generate-report/' } as const;
  const file = { name: 'report-file', method: 'GET', path: 'cases/report-files/:id/' } as const;
  publicRoute(app, world, generate, generateReport);
  publicRoute(app, world, file, readReportFile);
}

/** docs/certn-api.md 2.6, step 1. */
function generateReport(call: Call): Answer {
  const found = ownCase(call);
  call.body();
  const file = requestReport(call.world, call.account, found);
  const name = call.account.settings.report_field_names === 'standard' ? 'case_report_file_id' : 'id';
  return { status: 201, body: { [name]: file.id } };
}

/** docs/certn-api.md 2.6, step 3: requested by the file's id. */
function readReportFile(call: Call): Answer {
  const { account, world } = call;
  const file = world.store.reports.get(call.id);
  const now = Date.now();
  if (file?.account !== account.id || now < file.created + account.settings.report_absent_ms) throw missing();
  const status = reportStatus(file, now);
  const { report_url_override, report_url_ttl_ms, report_field_names } = account.settings;
  const url = status === 'COMPLETE' ? (report_url_override ?? signedPdfUrl(world, file, report_url_ttl_ms)) : null;
  return { status: 200, body: { status, [report_field_names === 'standard' ? 'pdf_url' : 'url']: url } };
}
