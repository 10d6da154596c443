import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Equals } from 'class-validator';
import { IsName } from '../../adapters/http/body-fields.js';
import { ActivityKind, type ItemContent, type PlanPlace } from '../../domain/activity-kind.js';
import type { Activity } from '../activity.js';

const type = 'interview';

class ChangeInterviewRequest {
  @ApiProperty({ maxLength: 255 })
  @IsName()
  name!: string;
}

class CreateInterviewRequest extends ChangeInterviewRequest {
  @ApiProperty({ enum: [type] })
  @Equals(type)
  type!: typeof type;
}

@Injectable()
class InterviewKind extends ActivityKind<CreateInterviewRequest, ChangeInterviewRequest> {
  create(_place: PlanPlace, { name }: CreateInterviewRequest): Promise<ItemContent> {
    return Promise.resolve({ vendor: null, name, package: null, configuration: null });
  }

  change(_place: PlanPlace, { name }: ChangeInterviewRequest): Promise<(present: ItemContent) => ItemContent> {
    return Promise.resolve((present) => ({ ...present, name }));
  }
}

/** People meet the candidate. Its name is all that there is of it. */
export const interview: Activity = {
  type,
  label: 'Interview',
  NewItem: CreateInterviewRequest,
  ItemChange: ChangeInterviewRequest,
  Kind: InterviewKind,
};
