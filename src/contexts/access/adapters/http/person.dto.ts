import { ApiProperty } from '@nestjs/swagger';
import { accessLevels } from '#kernel/caller';

/** Something that other things name. */
export class NamedDto {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
}

export const AccessLevelField = (): PropertyDecorator => ApiProperty({ enum: accessLevels });
