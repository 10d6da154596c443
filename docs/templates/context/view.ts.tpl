import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Find{{pascalCase name}}, type {{pascalCase name}}Facts } from '../contract.js';

@QueryHandler(Find{{pascalCase name}})
export class Find{{pascalCase name}}Handler implements IQueryHandler<Find{{pascalCase name}}> {
  /** Write me: the SQL of this query. */
  async execute(_query: Find{{pascalCase name}}): Promise<{{pascalCase name}}Facts | null> {
    return null;
  }
}
