import { Body, Controller, Delete, Get, HttpCode, Patch, Post, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import { CurrentCaller, NeedsScope, Requires } from '#platform/auth/requires';
import { IdField, IdInPath } from '#platform/http/ids';
import { ContractValidation } from '#platform/http/validation';
import { vendorRefusals } from '#contexts/integrations';
import { type Refusals, Refuses } from '#platform/http/refuses';
import { MakesOne } from '#platform/idempotency/makes-one';
import { Versioned } from '#platform/http/version.interceptor';
import { integrationNotEnabled, packageUnavailable, tooManyItems } from '../../domain/errors.js';
import { activities } from '../../activities/index.js';
import { AddItem } from '../../application/add-item.js';
import { ChangeItem } from '../../application/change-item.js';
import { RemoveItem } from '../../application/remove-item.js';
import { ActivityKinds, type ActivityType } from '../../domain/activity-kind.js';
import { InterviewPlans } from '../../domain/interview-plans.js';
import { JobStagesView } from '../../views/job-stages.js';
import { type ShownItem, ShownItems } from './shown-items.js';

const itemTypes = activities.map(({ type }) => type);
const shownModels = activities.map(({ Shown }) => Shown).filter((model) => model !== undefined);
const models = activities.flatMap(({ NewItem, ItemChange }) => [NewItem, ItemChange]);
const oneOf = (classes: Type<object>[]) => classes.map((one) => ({ $ref: getSchemaPath(one) }));

/** A body whose kind is unknown: its other fields have no meaning yet. */
class ItemTypeRequest {
  @IsIn(itemTypes)
  type!: string;
}

/** With what kinds of activities refuse what they are set to. */
const ofKinds = [
  integrationNotEnabled(''),
  packageUnavailable(''),
  ['invalid', 'assignee_unavailable'],
  ...vendorRefusals,
] satisfies Refusals[];

const vendorOfIt = {
  type: String,
  description: 'Who carries it out, for kinds that a vendor does: an id as in paths.',
};
const nameOfVendor = { type: String, description: 'The name of that vendor.' };
const kindsToCome = 'One of `activity_types`. Later versions may add kinds: show one that is unknown by its name.';

class ItemPackageResponse {
  @ApiProperty({ description: "The vendor's id." }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'Whether the account still has it, and it is active.' }) available!: boolean;
}

@ApiExtraModels(...shownModels)
export class ItemResponse implements ShownItem {
  @IdField() id!: string;
  @IdField() stage_id!: string;
  @ApiProperty({ description: kindsToCome }) type!: string;
  @ApiProperty({ ...vendorOfIt, nullable: true }) vendor!: string | null;
  @ApiProperty({ ...nameOfVendor, nullable: true }) vendor_name!: string | null;
  @ApiProperty() display_name!: string;
  @ApiProperty({ type: ItemPackageResponse, nullable: true }) package!: ItemPackageResponse | null;
  @ApiProperty({
    type: Object,
    oneOf: oneOf(shownModels),
    nullable: true,
    description: 'What it is set to, for kinds that have more than a name and a package.',
  })
  configuration!: object | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) deleted_at!: string | null;
}

class ActivityTypeResponse implements ActivityType {
  @ApiProperty({ enum: itemTypes, description: kindsToCome }) type!: string;
  @ApiPropertyOptional(vendorOfIt) vendor?: string;
  @ApiPropertyOptional(nameOfVendor) vendor_name?: string;
  @ApiProperty() label!: string;
}

@ApiTags('Interview plan')
@ApiExtraModels(...models)
@Controller()
export class ItemsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly kinds: ActivityKinds,
    private readonly plans: InterviewPlans,
    private readonly stages: JobStagesView,
    private readonly shown: ShownItems,
    private readonly ids: Ids,
  ) {}

  @Get('activity_types')
  @ApiOperation({ operationId: 'listActivityTypes', summary: 'List the kinds of activities' })
  @NeedsScope('jobs:read')
  @ApiOkResponse({
    type: [ActivityTypeResponse],
    description: 'What the team can add now: background checks only while their vendor is connected.',
  })
  types(@CurrentCaller() caller: Caller): Promise<ActivityType[]> {
    return this.kinds.offeredTo(caller.teamId);
  }

  @Post('job_stages/:id/items')
  @ApiOperation({ operationId: 'createActivity', summary: 'Add an activity to a stage' })
  @NeedsScope('jobs:write')
  @Refuses(tooManyItems(), ...ofKinds)
  @Requires('edit_interview_plan', 'stage', 'item.create')
  @ApiBody({ schema: { oneOf: oneOf(activities.map(({ NewItem }) => NewItem)) } })
  @MakesOne('item.create', 'one')
  @ApiCreatedResponse({ type: ItemResponse })
  async add(@CurrentCaller() caller: Caller, @IdInPath() stageId: Id, @Body() body: unknown): Promise<ShownItem> {
    await validated(ItemTypeRequest, onlyType(body));
    const { type } = body as ItemTypeRequest;
    const activity = activities.find((one) => one.type === type);
    if (!activity) throw notFound();
    const fields = await validated(activity.NewItem, body);
    const itemId = this.ids.next();
    await this.commands.execute(new AddItem(caller, stageId, itemId, type, fields));
    return this.one(caller, itemId);
  }

  @Get('job_stage_items/:id')
  @ApiOperation({ operationId: 'getActivity', summary: 'Read an activity' })
  @NeedsScope('jobs:read')
  @Versioned('item')
  @Requires(null, 'item')
  @ApiOkResponse({ type: ItemResponse })
  async one(@CurrentCaller() { teamId }: Caller, @IdInPath() itemId: Id): Promise<ShownItem> {
    return this.shown.one(teamId, await this.stages.item(teamId, itemId));
  }

  @Patch('job_stage_items/:id')
  @ApiOperation({ operationId: 'updateActivity', summary: 'Change an activity' })
  @NeedsScope('jobs:write')
  @Refuses(['conflict', 'unknown_activity'], ...ofKinds)
  @Versioned('item')
  @Requires('edit_interview_plan', 'item', 'item.update')
  @ApiBody({ schema: { oneOf: oneOf(activities.map(({ ItemChange }) => ItemChange)) } })
  @ApiOkResponse({ type: ItemResponse })
  async change(@CurrentCaller() caller: Caller, @IdInPath() itemId: Id, @Body() body: unknown): Promise<ShownItem> {
    const located = await this.plans.locateItem(caller.teamId, itemId);
    if (!located) throw notFound();
    const activity = activities.find(({ type }) => type === located.type);
    const fields = activity ? await validated(activity.ItemChange, body) : {};
    await this.commands.execute(new ChangeItem(caller, itemId, fields));
    return this.one(caller, itemId);
  }

  @Delete('job_stage_items/:id')
  @ApiOperation({ operationId: 'deleteActivity', summary: 'Remove an activity' })
  @NeedsScope('jobs:write')
  @HttpCode(204)
  @Versioned('item')
  @Requires('edit_interview_plan', 'item', 'item.delete')
  @ApiNoContentResponse()
  async remove(@CurrentCaller() caller: Caller, @IdInPath() itemId: Id): Promise<void> {
    await this.commands.execute(new RemoveItem(caller, itemId));
  }
}

const onlyType = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
    ? { type: (body as { type?: unknown }).type }
    : body;

/** The body as its kind declares it. Nest cannot do this, because the class depends on what the body or the path names. */
const validated = (metatype: Type<object>, body: unknown): Promise<unknown> =>
  new ContractValidation().transform(body, { type: 'body', metatype });
