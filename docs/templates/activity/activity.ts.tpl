import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Equals } from 'class-validator';
import { IsName } from '../../adapters/http/body-fields.js';
import { ActivityKind, type ItemContent, type PlanPlace } from '../../domain/activity-kind.js';
import type { Activity } from '../activity.js';

const type = '{{type}}';

class Change{{pascalCase name}}Request {
  @ApiProperty({ maxLength: 255 })
  @IsName()
  name!: string;
}

class Create{{pascalCase name}}Request extends Change{{pascalCase name}}Request {
  @ApiProperty({ enum: [type] })
  @Equals(type)
  type!: typeof type;
}

@Injectable()
class {{pascalCase name}}Kind extends ActivityKind<Create{{pascalCase name}}Request, Change{{pascalCase name}}Request> {
  create(_place: PlanPlace, { name }: Create{{pascalCase name}}Request): Promise<ItemContent> {
    return Promise.resolve({ vendor: null, name, package: null, configuration: null });
  }

  change(_place: PlanPlace, { name }: Change{{pascalCase name}}Request): Promise<(present: ItemContent) => ItemContent> {
    return Promise.resolve((present) => ({ ...present, name }));
  }
}

/** Write me: what it is, in one sentence. */
export const {{camelCase name}}: Activity = {
  type,
  label: '{{sentenceCase name}}',
  NewItem: Create{{pascalCase name}}Request,
  ItemChange: Change{{pascalCase name}}Request,
  Kind: {{pascalCase name}}Kind,
};
