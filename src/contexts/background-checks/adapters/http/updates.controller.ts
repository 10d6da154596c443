import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import { Caller } from '#kernel/caller';
import { Callers } from '#platform/auth/callers';
import { type CallerRequest, CurrentCaller, NeedsScope } from '#platform/auth/requires';
import { Refuses } from '#platform/http/refuses';
import { AnswersWithStream } from '#platform/http/route-marks';
import { mostAtOnce } from '../../views/check-changes.js';
import { CheckPresenter } from '../../views/check-presenter.js';
import { LiveUpdates } from './live-updates.js';
import { type Listener, UpdateStream } from './update-stream.js';

const eventStream = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // The connection ends with the stream. A connection that is kept alive would delay the shutdown of a replica.
  connection: 'close',
  // A proxy that buffers would delay events by minutes.
  'x-accel-buffering': 'no',
};

@ApiTags('Background checks')
@Controller('updates')
export class UpdatesController {
  constructor(
    private readonly live: LiveUpdates,
    private readonly callers: Callers,
    private readonly presenter: CheckPresenter,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'streamUpdates', summary: 'Stream changes of background checks' })
  @NeedsScope('background_checks:read')
  @Refuses(['too_many', 'too_many_streams'], ['unavailable', 'shutting_down'])
  @AnswersWithStream()
  @ApiProduces('text/event-stream')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Resumes, with an overlap, at the replica that gave the id.',
    schema: { type: 'string', maxLength: 255, pattern: '^[\\x20-\\x7e]*$' },
  })
  @ApiOkResponse({
    content: { 'text/event-stream': { schema: { type: 'string' } } },
    description:
      '`background_check.status_changed` with the check as this caller may see it. ' +
      `\`reset\`: more than ${mostAtOnce} changed at once, or the changes since \`Last-Event-ID\` are unknown: read your lists again. Later changes are reported.`,
  })
  async open(
    @CurrentCaller() caller: Caller,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: CallerRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (request.method === 'HEAD') return void (await reply.headers(eventStream).send());
    const leave = this.live.admit(caller);
    try {
      reply.hijack();
      reply.raw.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...eventStream });
      const stream = new UpdateStream(this.listener(caller, request), reply.raw);
      stream.whenClosed(leave);
      await this.live.serve(stream, lastEventId ?? null, this.callers.endsIn(request));
    } catch (error) {
      leave();
      throw error;
    }
  }

  private listener({ teamId, user }: Caller, request: CallerRequest): Listener {
    return {
      teamId,
      userId: user.id,
      currentCaller: () => this.live.ask(teamId, () => this.callers.of(request)),
      present: (check, caller, vendors) => this.presenter.answer(check, caller, vendors),
    };
  }
}
