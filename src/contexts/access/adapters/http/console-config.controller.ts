import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '#platform/auth/requires';
import { Settings } from '#platform/config/settings';

class ConsoleConfigResponse {
  @ApiProperty({ enum: ['oidc', 'local'] }) mode!: 'oidc' | 'local';
}

/** Tells the console how people sign in. */
@Public()
@ApiTags('Console')
@Controller('console/config.json')
export class ConsoleConfigController {
  constructor(private readonly settings: Settings) {}

  @Get()
  @ApiOperation({ operationId: 'getConsoleConfig', summary: 'Read how people sign in' })
  @ApiOkResponse({ type: ConsoleConfigResponse })
  config(): ConsoleConfigResponse {
    return { mode: this.settings.localRun ? 'local' : 'oidc' };
  }
}
