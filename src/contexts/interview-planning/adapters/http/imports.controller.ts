import { Readable } from 'node:stream';
import {
  Controller,
  Logger,
  PayloadTooLargeException,
  Post,
  Req,
  Res,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import { DomainError, type ErrorGroups } from '#kernel/errors';
import { Callers } from '#platform/auth/callers';
import { CurrentCaller, NeedsScope, Requires } from '#platform/auth/requires';
import type { StillAllowed } from '#platform/auth/still-allowed';
import { Refuses } from '#platform/http/refuses';
import { TakesLines } from '#platform/http/route-marks';
import { ImportLine } from '../../application/import-line.js';
import { ImportRecord } from '../../application/import-record.js';
import type { ImportedRecord, ImportStatus } from '../../domain/applications.js';
import { tooManyImports } from '../../domain/errors.js';
import { arriving, type NumberedLine, numberedLines, overtime, Unread } from './ndjson.js';
import { RunningImports } from './running-imports.js';
import { StalledReader } from './stalled-reader.js';
import { InterviewPlanningSettings } from '../../settings.js';

const ndjson = 'application/x-ndjson';
const limits = { bytes: 50 * 1024 * 1024, lines: 250_000 };

interface LineResult {
  line: number;
  status: ImportStatus | 'failed';
  id: string | null;
  errors: ErrorGroups | null;
  /** Imported, but not usable as it is. */
  warnings: ErrorGroups | null;
}

const lineFault = (line: number, fault: string): LineResult => ({
  line,
  status: 'failed',
  id: null,
  errors: { json: { line: [fault] } },
  warnings: null,
});

/** An invalid field has its own message. Otherwise the message is the line's, beside the ids of conflicting records. */
const lineErrors = ({ kind, message, errors }: DomainError): ErrorGroups =>
  kind === 'invalid' && Object.keys(errors).length > 0 ? errors : { json: { line: [message], ...errors.json } };

/** The last line of an import whose caller has lost the right to it, by the kind of error. */
const endedFor = {
  unauthenticated: 'was not read: your sign-in has ended',
  forbidden: 'was not read: you may not import any more',
  not_found: 'was not read: you may not import any more',
} as const;

@ApiTags('Imports')
@Controller('imports')
export class ImportsController {
  private readonly log = new Logger('imports');
  private readonly idleMs: number;
  private readonly longestMs: number;

  constructor(
    private readonly commands: CommandBus,
    private readonly callers: Callers,
    private readonly running: RunningImports,
    private readonly record: ImportRecord,
    { imports }: InterviewPlanningSettings,
  ) {
    this.idleMs = imports.idleSeconds * 1000;
    this.longestMs = imports.seconds * 1000;
  }

  @Post()
  @ApiOperation({ operationId: 'importRecords', summary: 'Import jobs, candidates and applications' })
  @NeedsScope('imports')
  @Refuses(tooManyImports())
  @TakesLines()
  @Requires('import_records', undefined, 'import.start')
  @ApiConsumes(ndjson)
  @ApiProduces(ndjson)
  @ApiBody({
    schema: { type: 'string', maxLength: limits.bytes },
    description:
      'A job, candidate or application a line; at most 50 MiB and 250,000 lines. Read the answer while you send: ' +
      'an import whose answer is not taken stands still, and is ended. Two imports of a team may run at a time.',
  })
  @ApiOkResponse({
    content: { [ndjson]: { schema: { type: 'string' } } },
    description:
      'A line per line: `{"line":7,"status":"created|updated|unchanged|failed","id":"…","errors":null,"warnings":null}`. ' +
      'A candidate whose address is not valid is imported with a warning at the address: no check can be sent to it. A second ' +
      'active application of a candidate for a job fails; `errors.json.application_id` has the id of the first.',
  })
  async import(
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { body } = request;
    if (!(body instanceof Readable)) throw new UnsupportedMediaTypeException();
    if (Number(request.headers['content-length'] ?? 0) > limits.bytes) throw new PayloadTooLargeException();
    await this.running.begin(caller.teamId, reply.raw);
    const importId = await this.record.begin(caller);
    const allowed = this.callers.watch(request, caller, (now) => now.require('import_records'));
    const state = { cut: false };
    const results = this.record.counting(caller, importId, this.results(allowed, body, state), () => state.cut);
    const reader = new StalledReader(reply.raw, this.idleMs);
    await reply
      .status(200)
      .type(ndjson)
      .send(Readable.from(reader.watched(asLines(results))));
  }

  private async *results(allowed: StillAllowed, body: Readable, state: { cut: boolean }): AsyncGenerator<LineResult> {
    const deadlines = { idleMs: this.idleMs, endsAt: Date.now() + this.longestMs };
    let last = 0;
    try {
      for await (const line of numberedLines(arriving(body, deadlines), limits)) {
        if (Date.now() > deadlines.endsAt) throw overtime();
        const caller = await stillThere(allowed);
        last = line.number;
        yield await this.result(caller, line);
      }
    } catch (error) {
      // The answer has begun, so its status cannot change. The reason becomes the last line.
      if (!(error instanceof Unread)) throw error;
      state.cut = true;
      yield lineFault(last + 1, error.message);
    }
    // The rest of the body is discarded. If it takes too long, the HTTP server ends the connection.
    body.resume();
  }

  private async result(caller: Caller, line: NumberedLine): Promise<LineResult> {
    if ('fault' in line) return lineFault(line.number, line.fault);
    try {
      const command = new ImportLine(caller, line.value);
      const { id, status, warnings = {} } = await this.commands.execute<ImportLine, ImportedRecord>(command);
      const hasWarnings = Object.keys(warnings).length > 0;
      return { line: line.number, status, id, errors: null, warnings: hasWarnings ? { json: warnings } : null };
    } catch (error) {
      if (!(error instanceof DomainError)) {
        this.log.error(`line ${line.number}: ${error instanceof Error ? (error.stack ?? error.message) : 'failed'}`);
        return lineFault(line.number, 'could not be imported: something went wrong on our side');
      }
      return { line: line.number, status: 'failed', id: null, errors: lineErrors(error), warnings: null };
    }
  }
}

async function* asLines(results: AsyncIterable<LineResult>): AsyncGenerator<string> {
  for await (const result of results) yield `${JSON.stringify(result)}\n`;
}

/** A lost right ends the import with a line that says so. Other failures (the database is unavailable) end the connection. */
async function stillThere(allowed: StillAllowed): Promise<Caller> {
  try {
    return await allowed();
  } catch (error) {
    if (!(error instanceof DomainError) || !(error.kind in endedFor)) throw error;
    throw new Unread(endedFor[error.kind as keyof typeof endedFor]);
  }
}
