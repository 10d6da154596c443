import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type { Scope } from '#kernel/scopes';
import { IdField } from '#platform/http/ids';

/** Every type, with the schema of its single read, and the scope that opens it to service accounts. */
export const changeTypes = {
  job: { schema: 'JobResponse', scope: 'jobs:read' },
  candidate: { schema: 'CandidateResponse', scope: 'candidates:read' },
  application: { schema: 'ApplicationResponse', scope: 'applications:read' },
  background_check: { schema: 'CheckResponse', scope: 'background_checks:read' },
} as const satisfies Record<string, { schema: string; scope: Scope }>;
export type ChangeType = keyof typeof changeTypes;

export const typeNames = Object.keys(changeTypes) as ChangeType[];

const Named = (type: ChangeType): PropertyDecorator => ApiProperty({ enum: [type] });

const DataOf = (type: ChangeType): PropertyDecorator =>
  ApiProperty({
    anyOf: [{ $ref: `#/components/schemas/${changeTypes[type].schema}` }, { type: 'null' }],
    description: 'As the single read shows it to the caller; null in a tombstone.',
  });

abstract class Change {
  @IdField() id!: string;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Grows with every change of the thing itself; null in a tombstone.',
  })
  revision!: number | null;
  @ApiProperty({ description: 'A tombstone: the thing is gone, or the caller may not see it any more.' })
  deleted!: boolean;
  @ApiProperty({ format: 'date-time' }) changed_at!: string;
}

class JobChangeResponse extends Change {
  @Named('job') type!: ChangeType;
  @DataOf('job') data!: object | null;
}

class CandidateChangeResponse extends Change {
  @Named('candidate') type!: ChangeType;
  @DataOf('candidate') data!: object | null;
}

class ApplicationChangeResponse extends Change {
  @Named('application') type!: ChangeType;
  @DataOf('application') data!: object | null;
}

class BackgroundCheckChangeResponse extends Change {
  @Named('background_check') type!: ChangeType;
  @DataOf('background_check') data!: object | null;
}

const byType = {
  job: JobChangeResponse,
  candidate: CandidateChangeResponse,
  application: ApplicationChangeResponse,
  background_check: BackgroundCheckChangeResponse,
};
const schemas = Object.values(byType);

/** One thing, in its latest state. */
export interface ShownChange extends Change {
  type: string;
  data: object | null;
}

@ApiExtraModels(...schemas)
export class ChangesResponse {
  @ApiProperty({
    type: 'array',
    items: {
      oneOf: schemas.map((schema) => ({ $ref: getSchemaPath(schema) })),
      discriminator: {
        propertyName: 'type',
        mapping: Object.fromEntries(Object.entries(byType).map(([type, schema]) => [type, getSchemaPath(schema)])),
      },
    },
    description: 'In the order of their last changes, each thing once. A page may be empty although there is more.',
  })
  changes!: ShownChange[];

  @ApiProperty({ description: 'Opaque. Store it once the changes before it are stored.' }) cursor!: string;
  @ApiProperty({ description: 'There are more changes now: ask again at once.' }) has_more!: boolean;
}
