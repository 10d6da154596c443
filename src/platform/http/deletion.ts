import { ApiProperty } from '@nestjs/swagger';

/**
 * `deleted_at` of what cannot be deleted. The field is part of the wire format, where it is null for everything that is there.
 * `instead`: what happens to such a thing.
 */
export const NeverDeleted = (instead: string): PropertyDecorator =>
  ApiProperty({ type: String, nullable: true, description: `Always null: ${instead}` });
