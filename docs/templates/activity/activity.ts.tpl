import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Equals } from 'class-validator';
import { IsName } from '../../adapters/http/body-fields.js';
import { ActivityKind, type ItemContent, type PlanPlace } from '../../domain/activity-kind.js';
import type { Activity } from '../activity.js';

const type = '{{type}}';

class {{pascalCase name}}ChangeBody {
  @ApiProperty({ maxLength: 255 })
  @IsName()
  name!: string;
}

class New{{pascalCase name}}Body extends {{pascalCase name}}ChangeBody {
  @ApiProperty({ enum: [type] })
  @Equals(type)
  type!: typeof type;
}

@Injectable()
class {{pascalCase name}}Kind extends ActivityKind<New{{pascalCase name}}Body, {{pascalCase name}}ChangeBody> {
  create(_place: PlanPlace, { name }: New{{pascalCase name}}Body): Promise<ItemContent> {
    return Promise.resolve({ vendor: null, name, package: null, configuration: null });
  }

  change(_place: PlanPlace, { name }: {{pascalCase name}}ChangeBody): Promise<(present: ItemContent) => ItemContent> {
    return Promise.resolve((present) => ({ ...present, name }));
  }
}

/** Write me: what it is, in one sentence. */
export const {{camelCase name}}: Activity = {
  type,
  label: '{{sentenceCase name}}',
  NewItem: New{{pascalCase name}}Body,
  ItemChange: {{pascalCase name}}ChangeBody,
  Kind: {{pascalCase name}}Kind,
};
