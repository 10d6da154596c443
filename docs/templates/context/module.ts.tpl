import { Module } from '@nestjs/common';
import { Find{{pascalCase name}}Handler } from './views/find-{{name}}.js';

@Module({
  controllers: [],
  providers: [Find{{pascalCase name}}Handler],
})
export class {{pascalCase name}}Module {}
