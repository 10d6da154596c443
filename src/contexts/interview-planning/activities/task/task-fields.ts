import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Equals, IsOptional, IsString, Length, Matches } from 'class-validator';
import type { Id } from '#kernel/id';
import { IdField, IsId } from '#platform/http/ids';
import { storableText } from '#platform/http/text';
import { IsLeftOutOrGiven } from '../../adapters/http/body-fields.js';

export const taskType = 'task';
const longestTitle = 120;
const title = { minLength: 1, maxLength: longestTitle, description: 'One line, such as "Call the reference".' };
const assignee = { required: false, nullable: true, description: 'A user of the team who sees the job.' };

/** One line of text. It is trimmed before it is validated. */
const IsTitle = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    IsString(),
    Length(1, longestTitle),
    Matches(storableText, { message: 'must be plain text' }),
    Matches(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, { message: 'must be one line' }),
  );

export class CreateTaskRequest {
  @ApiProperty({ enum: [taskType] })
  @Equals(taskType)
  type!: typeof taskType;

  @ApiProperty(title)
  @IsTitle()
  title!: string;

  @IsId(assignee)
  @IsOptional()
  assignee_id?: Id | null;
}

export class ChangeTaskRequest {
  @ApiPropertyOptional(title)
  @IsTitle()
  @IsLeftOutOrGiven()
  title?: string;

  @IsId(assignee)
  @IsOptional()
  assignee_id?: Id | null;
}

/** As it is stored. */
export interface TaskConfiguration {
  title: string;
  assignee_id: Id | null;
}

export class PersonShown {
  @IdField() id!: Id;
  @ApiProperty() name!: string;
}

export class ShownTask {
  @ApiProperty() title!: string;
  @ApiProperty({ type: PersonShown, nullable: true }) assignee!: PersonShown | null;
}
