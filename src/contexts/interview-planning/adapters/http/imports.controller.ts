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
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import { DomainError, type ErrorGroups } from '#kernel/errors';
import { CurrentCaller, Requires } from '#platform/auth/requires';
import { ImportLine } from '../../application/import-line.js';
import { ImportRecord } from '../../application/import-record.js';
import type { ImportedRecord, ImportStatus } from '../../domain/applications.js';
import { BodyTooLarge, type NumberedLine, numberedLines, takenInAhead } from './ndjson.js';

const ndjson = 'application/x-ndjson';
const largest = 50 * 1024 * 1024;

interface LineResult {
  line: number;
  status: ImportStatus | 'failed';
  id: string | null;
  errors: ErrorGroups | null;
}

const lineFault = (line: number, fault: string): LineResult => ({
  line,
  status: 'failed',
  id: null,
  errors: { json: { line: [fault] } },
});

@ApiTags('Imports')
@Controller('imports')
export class ImportsController {
  private readonly log = new Logger('imports');
  constructor(
    private readonly commands: CommandBus,
    private readonly record: ImportRecord,
  ) {}

  @Post()
  @Requires('administer_team', undefined, 'import.start')
  @ApiConsumes(ndjson)
  @ApiProduces(ndjson)
  @ApiBody({ schema: { type: 'string' }, description: 'A job, candidate or application a line; at most 50 MiB.' })
  @ApiOkResponse({
    schema: { type: 'string' },
    description: 'A line per line: `{"line":7,"status":"created|updated|unchanged|failed","id":"…","errors":null}`',
  })
  async import(
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { body } = request;
    if (!(body instanceof Readable)) throw new UnsupportedMediaTypeException();
    if (Number(request.headers['content-length'] ?? 0) > largest) throw new PayloadTooLargeException();
    const importId = await this.record.begin(caller);
    const results = this.record.counting(caller, importId, this.results(caller, body));
    await reply
      .status(200)
      .type(ndjson)
      .send(Readable.from(asLines(results)));
  }

  private async *results(caller: Caller, body: Readable): AsyncGenerator<LineResult> {
    let last = 0;
    try {
      for await (const line of numberedLines(takenInAhead(body, largest))) {
        last = line.number;
        yield await this.result(caller, line);
      }
    } catch (error) {
      // The answer has begun, so it cannot become a 413 any more.
      if (!(error instanceof BodyTooLarge)) throw error;
      yield lineFault(last + 1, 'begins beyond 50 MiB: it and what follows was not read');
    }
  }

  private async result(caller: Caller, line: NumberedLine): Promise<LineResult> {
    if ('fault' in line) return lineFault(line.number, line.fault);
    try {
      const command = new ImportLine(caller, line.value);
      const { id, status } = await this.commands.execute<ImportLine, ImportedRecord>(command);
      return { line: line.number, status, id, errors: null };
    } catch (error) {
      if (!(error instanceof DomainError)) {
        this.log.error(`line ${line.number}: ${error instanceof Error ? (error.stack ?? error.message) : 'failed'}`);
        return lineFault(line.number, 'could not be imported just now: something went wrong on our side');
      }
      if (Object.keys(error.errors).length === 0) return lineFault(line.number, error.message);
      return { line: line.number, status: 'failed', id: null, errors: error.errors };
    }
  }
}

async function* asLines(results: AsyncIterable<LineResult>): AsyncGenerator<string> {
  for await (const result of results) yield `${JSON.stringify(result)}\n`;
}
