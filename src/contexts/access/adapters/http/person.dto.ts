import { ApiProperty } from '@nestjs/swagger';
import { accessLevels } from '#kernel/caller';
import { IdField } from '#platform/http/ids';

/** A reference to a record: its id and name. */
export class ReferenceResponse {
  @IdField() id!: string;
  @ApiProperty() name!: string;
}

export const AccessLevelField = (): PropertyDecorator => ApiProperty({ enum: accessLevels });
