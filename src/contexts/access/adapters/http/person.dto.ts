import { ApiProperty } from '@nestjs/swagger';
import { accessLevels } from '#kernel/caller';
import { IdField } from '#platform/http/ids';
import { type ActorKind, actorKinds } from '../../contract.js';

/** A reference to a record: its id and name. */
export class ReferenceResponse {
  @IdField() id!: string;
  @ApiProperty() name!: string;
}

/** Who did something. */
export class ActorResponse extends ReferenceResponse {
  @ApiProperty({ enum: actorKinds }) kind!: ActorKind;
}

export const AccessLevelField = (): PropertyDecorator => ApiProperty({ enum: accessLevels });
