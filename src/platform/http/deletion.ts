import { ApiProperty } from '@nestjs/swagger';

/**
 * `deleted_at` of a kind of thing that cannot be deleted. The field is part of the wire format and null for everything that exists.
 * `instead`: what happens to such a thing instead.
 */
export const NeverDeleted = (instead: string): PropertyDecorator =>
  ApiProperty({ type: String, format: 'date-time', nullable: true, description: `Always null: ${instead}` });
