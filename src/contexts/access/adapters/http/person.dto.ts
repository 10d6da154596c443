import { ApiProperty } from '@nestjs/swagger';
import { accessLevels } from '#kernel/caller';

/** A reference to a record: its id and name. */
export class NamedDto {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
}

export const AccessLevelField = (): PropertyDecorator => ApiProperty({ enum: accessLevels });
