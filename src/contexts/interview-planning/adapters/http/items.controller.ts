import { Body, Controller, Delete, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsIn, IsString, Length, ValidateIf } from 'class-validator';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import { CurrentCaller, Requires } from '#platform/auth/requires';
import { IdInPath } from '#platform/http/ids';
import { AddItem, type NewItem } from '../../application/add-item.js';
import { ChangeItem } from '../../application/change-item.js';
import { type ActivityType, ListActivityTypes } from '../../application/list-activity-types.js';
import { RemoveItem } from '../../application/remove-item.js';
import { certnItemType } from '../../contract.js';
import { type ItemRow, JobStages } from '../../views/job-stages.js';
import { IsLeftOutOrGiven, IsName, OnlyWhenType } from './body-fields.js';

const itemTypes = ['interview', certnItemType] as const;
type ItemType = (typeof itemTypes)[number];

const choosePackage = { message: 'choose the Certn package that this activity sends' };

class NewItemBody {
  @ApiProperty({ enum: itemTypes })
  @IsIn(itemTypes)
  type!: ItemType;

  @ApiPropertyOptional({ type: String, description: 'For a Certn background check: the package that it orders.' })
  @OnlyWhenType(certnItemType)
  @Length(1, 255, choosePackage)
  @IsString(choosePackage)
  @ValidateIf((body: NewItemBody) => body.type === certnItemType || body.package_id !== undefined)
  package_id?: string;

  @ApiPropertyOptional({ type: String, maxLength: 255, description: 'For an interview.' })
  @OnlyWhenType('interview')
  @IsName()
  @ValidateIf((body: NewItemBody) => body.type === 'interview' || body.name !== undefined)
  name?: string;
}

class ItemChangeBody {
  @ApiPropertyOptional({ type: String, description: 'Another package, for a Certn background check.' })
  @Length(1, 255, choosePackage)
  @IsString(choosePackage)
  @IsLeftOutOrGiven()
  package_id?: string;

  @ApiPropertyOptional({ type: String, maxLength: 255, description: 'Another name, for an interview.' })
  @IsName()
  @IsLeftOutOrGiven()
  name?: string;
}

class ItemPackageResponse {
  @ApiProperty({ description: "Certn's id." }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'Whether the account still has it, and it is active.' }) available!: boolean;
}

export class ItemResponse implements ItemRow {
  @ApiProperty() id!: string;
  @ApiProperty() stage_id!: string;
  @ApiProperty({ enum: itemTypes }) type!: ItemType;
  @ApiProperty() display_name!: string;
  @ApiProperty({ type: ItemPackageResponse, nullable: true }) package!: ItemPackageResponse | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) deleted_at!: string | null;
}

class ActivityTypeResponse implements ActivityType {
  @ApiProperty({ enum: itemTypes }) type!: ItemType;
  @ApiProperty() label!: string;
}

@ApiTags('Interview plan')
@Controller()
export class ItemsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly stages: JobStages,
    private readonly ids: Ids,
  ) {}

  @Get('activity_types')
  @ApiOkResponse({
    type: [ActivityTypeResponse],
    description: 'Certn background checks only while Certn is connected.',
  })
  types(@CurrentCaller() caller: Caller): Promise<ActivityType[]> {
    return this.queries.execute<ListActivityTypes, ActivityType[]>(new ListActivityTypes(caller));
  }

  @Post('job_stages/:id/items')
  @Requires('edit_interview_plan', 'stage', 'item.create')
  @ApiCreatedResponse({ type: ItemResponse })
  async add(@CurrentCaller() caller: Caller, @IdInPath() stageId: Id, @Body() body: NewItemBody): Promise<ItemRow> {
    const itemId = this.ids.next();
    await this.commands.execute(new AddItem(caller, stageId, itemId, newItem(body)));
    return this.stages.item(caller.teamId, itemId);
  }

  @Patch('job_stage_items/:id')
  @Requires('edit_interview_plan', 'item', 'item.update')
  @ApiOkResponse({ type: ItemResponse })
  async change(
    @CurrentCaller() caller: Caller,
    @IdInPath() itemId: Id,
    @Body() body: ItemChangeBody,
  ): Promise<ItemRow> {
    await this.commands.execute(new ChangeItem(caller, itemId, body.package_id, body.name));
    return this.stages.item(caller.teamId, itemId);
  }

  @Delete('job_stage_items/:id')
  @HttpCode(204)
  @Requires('edit_interview_plan', 'item', 'item.delete')
  @ApiNoContentResponse()
  async remove(@CurrentCaller() caller: Caller, @IdInPath() itemId: Id): Promise<void> {
    await this.commands.execute(new RemoveItem(caller, itemId));
  }
}

/** The validation of the body ensures that each type comes with its own field. */
const newItem = ({ type, name = '', package_id = '' }: NewItemBody): NewItem =>
  type === 'interview' ? { type, name } : { type, packageId: package_id };
