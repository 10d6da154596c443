import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '#platform/auth/requires';
import { Settings } from '#platform/config/settings';

class ConsoleConfigResponse {
  @ApiProperty({ enum: ['oidc', 'local'] }) mode!: 'oidc' | 'local';
  @ApiProperty({ type: String, nullable: true }) issuer!: string | null;
  @ApiProperty({ type: String, nullable: true }) client_id!: string | null;
  @ApiProperty({ type: String, nullable: true }) scopes!: string | null;
}

/** How the console is to sign people in. */
@Public()
@ApiTags('Console')
@Controller('console/config.json')
export class ConsoleConfigController {
  constructor(private readonly settings: Settings) {}

  @Get()
  @ApiOkResponse({ type: ConsoleConfigResponse })
  config(): ConsoleConfigResponse {
    const { auth } = this.settings;
    if (!auth) return { mode: 'local', issuer: null, client_id: null, scopes: null };
    return { mode: 'oidc', issuer: auth.issuer, client_id: auth.clientId, scopes: auth.scopes };
  }
}
