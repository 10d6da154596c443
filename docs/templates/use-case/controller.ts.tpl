import { Controller, {{decorator}}, HttpCode } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { CurrentCaller, Requires } from '#platform/auth/requires';
import { IdInPath } from '#platform/http/ids';
import { {{pascalCase name}} } from '../../application/{{name}}.js';

@ApiTags('{{tag}}')
@ApiBearerAuth()
@Controller('{{route.segment}}/:id')
export class {{pascalCase name}}Controller {
  constructor(private readonly commands: CommandBus) {}

  @{{decorator}}({{#if route.rest}}'{{route.rest}}'{{/if}})
  @ApiOperation({ operationId: '{{camelCase name}}', summary: '{{sentenceCase words}}' })
  @HttpCode(204)
  @Requires('{{requires}}', '{{subject}}', '{{action}}')
  @ApiNoContentResponse()
  async {{camelCase name}}(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<void> {
    await this.commands.execute(new {{pascalCase name}}(caller, id));
  }
}
