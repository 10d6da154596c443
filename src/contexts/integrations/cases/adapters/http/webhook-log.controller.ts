import { Controller, Get, HttpCode, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProperty,
  ApiTags,
} from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { CurrentCaller, NeedsScope, Requires } from '#platform/auth/requires';
import { AnyOf, ListQuery } from '#platform/http/filters';
import { IdField, IdFilter, IdInPath } from '#platform/http/ids';
import { NamedWord } from '#platform/http/named-word';
import { paged, Paging } from '#platform/http/paging';
import { SearchText } from '#platform/http/text';
import { KnownVendor, vendorInPath } from '../../../gateway/application/known-vendor.js';
import { ReplayInboundEvent } from '../../application/following/replay-inbound-event.js';
import { DiscrepanciesView, type ShownDiscrepancy } from '../../views/discrepancies.js';
import {
  InboundEventsView,
  inboundEventOutcomes,
  type InboundEventOutcome,
  type ShownInboundEvent,
} from '../../views/inbound-events.js';
import { OwnOrders } from '../contexts/own-orders.js';

const nullable = { type: String, nullable: true } as const;
const discrepancyKinds = ['case_without_order', 'order_without_case', 'cancel_unconfirmed'];

class InboundEventsQuery extends ListQuery {
  @AnyOf()
  @IsIn(inboundEventOutcomes, { each: true })
  @ApiProperty({ enum: inboundEventOutcomes, isArray: true, required: false })
  outcome?: InboundEventOutcome[];

  @AnyOf() @SearchText(true) @ApiProperty({ type: [String], required: false }) case_id?: string[];
  @IdFilter() background_check_id?: Id[];
}

class WebhookEventResponse implements ShownInboundEvent {
  @IdField() id!: string;
  @ApiProperty(nullable) event_id!: string | null;
  @ApiProperty() event_type!: string;
  @ApiProperty() case_id!: string;
  @ApiProperty({ format: 'date-time' }) received_at!: string;
  @ApiProperty({ ...nullable, enum: inboundEventOutcomes, description: 'null: still processing' })
  outcome!: InboundEventOutcome | null;
  @ApiProperty(nullable) failure!: string | null;
  @IdField() background_check_id!: string;
}

class DiscrepancyResponse implements ShownDiscrepancy {
  @IdField() id!: string;
  @ApiProperty({ enum: discrepancyKinds }) kind!: ShownDiscrepancy['kind'];
  @ApiProperty() case_id!: string;
  @ApiProperty({ ...nullable, format: 'uuid' }) background_check_id!: string | null;
  @ApiProperty({ format: 'date-time' }) found_at!: string;
}

/** The webhook log and the discrepancies between our orders and the vendor's cases. */
@ApiTags('Integrations')
@ApiBearerAuth()
@UseGuards(KnownVendor)
@ApiParam(vendorInPath)
@Controller('integrations/:vendor')
export class WebhookLogController {
  constructor(
    private readonly inboundEvents: InboundEventsView,
    private readonly discrepancies: DiscrepanciesView,
    private readonly ownOrders: OwnOrders,
    private readonly commands: CommandBus,
  ) {}

  @Get('webhook_events')
  @ApiOperation({ operationId: 'listWebhookEvents', summary: 'List the webhook events of a vendor' })
  @NeedsScope('integrations:read')
  @Requires('view_integrations')
  @ApiOkResponse({ type: [WebhookEventResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @NamedWord('vendor') vendor: string,
    @Query() query: InboundEventsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownInboundEvent[]> {
    const own = await this.ownOrders.of(caller);
    return paged(request, reply, query, () => this.inboundEvents.list(caller.teamId, vendor, own, query));
  }

  @Post('webhook_events/:id/replay')
  @ApiOperation({ operationId: 'replayWebhookEvent', summary: 'Process a webhook event again' })
  @HttpCode(202)
  @Requires('manage_integrations', 'delivery', 'delivery.replay')
  @ApiAcceptedResponse({ description: 'The case is read again' })
  async replay(
    @CurrentCaller() caller: Caller,
    @NamedWord('vendor') vendor: string,
    @IdInPath() id: Id,
  ): Promise<void> {
    await this.commands.execute(new ReplayInboundEvent(caller, vendor, id, await this.ownOrders.of(caller)));
  }

  @Get('discrepancies')
  @ApiOperation({
    operationId: 'listDiscrepancies',
    summary: 'List differences between our orders and the cases of a vendor',
  })
  @NeedsScope('integrations:read')
  @Requires('view_integrations')
  @ApiOkResponse({ type: [DiscrepancyResponse] })
  async found(
    @CurrentCaller() caller: Caller,
    @NamedWord('vendor') vendor: string,
    @Query() query: Paging,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownDiscrepancy[]> {
    const own = await this.ownOrders.of(caller);
    return paged(request, reply, query, () => this.discrepancies.list(caller.teamId, vendor, own, query));
  }
}
