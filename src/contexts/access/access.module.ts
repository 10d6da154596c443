import { EntityManager } from '@mikro-orm/postgresql';
import { Global, Module } from '@nestjs/common';
import { PostgresAudit } from '#platform/audit/postgres-audit';
import { ApiKeys, Authenticator, BrowserSessions } from '#platform/auth/ports';
import { Clock } from '#kernel/ports';
import { readPart } from '#platform/config/reader';
import { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { PostgresUnitOfWork } from '#platform/database/unit-of-work';
import { SystemClock } from '#platform/system';
import { LocatedCandidates } from './adapters/contexts/located-candidates.js';
import { AuditLogController } from './adapters/http/audit-log.controller.js';
import { BrowserSignIn } from './adapters/http/browser-sign-in.js';
import { ConsoleConfigController } from './adapters/http/console-config.controller.js';
import { DevSignInController } from './adapters/http/dev-sign-in.controller.js';
import { MeController } from './adapters/http/me.controller.js';
import { PendingSignIns } from './adapters/http/pending-sign-ins.js';
import { SealedCookies } from './adapters/http/sealed-cookies.js';
import { ServiceAccountLocator } from './adapters/http/service-account-locator.js';
import { ServiceAccountsController } from './adapters/http/service-accounts.controller.js';
import { SignInController } from './adapters/http/sign-in.controller.js';
import { SignOutController } from './adapters/http/sign-out.controller.js';
import { TeamChoiceController } from './adapters/http/team-choice.controller.js';
import { TeamQuestion } from './adapters/http/team-question.js';
import { UserLocator } from './adapters/http/user-locator.js';
import { UsersController } from './adapters/http/users.controller.js';
import { IdentityProvider } from './adapters/identity/identity-provider.js';
import { LocalProvider } from './adapters/identity/local-provider.js';
import { LogoutTokens } from './adapters/identity/logout-tokens.js';
import { OidcProvider } from './adapters/identity/oidc-provider.js';
import { OpenIdClient } from './adapters/identity/openid-client.js';
import { KeyAuthenticator, PostgresMachineDirectory } from './adapters/identity/service-account-sign-in.js';
import { SessionAuthenticator } from './adapters/identity/session-authenticator.js';
import { TokenAuthenticator } from './adapters/identity/token-authenticator.js';
import { DeleteEndedSessions } from './adapters/postgres/delete-ended-sessions.js';
import { DeleteExpiredKeys } from './adapters/postgres/delete-expired-keys.js';
import { PostgresServiceAccounts } from './adapters/postgres/postgres-service-accounts.js';
import { PostgresSessions } from './adapters/postgres/postgres-sessions.js';
import { PostgresSignInDirectory } from './adapters/postgres/postgres-sign-in-directory.js';
import { PostgresTeams, PostgresUsers } from './adapters/postgres/postgres-users.js';
import { UserLedger } from './adapters/postgres/user-ledger.js';
import { AddServiceAccountHandler } from './application/add-service-account.js';
import { AddUserHandler } from './application/add-user.js';
import { ChangeServiceAccountHandler, DeleteServiceAccountHandler } from './application/change-service-account.js';
import { ChangeUserHandler } from './application/change-user.js';
import { UserAudit } from './application/user-audit.js';
import { CreateTeam, CreateTeamHandler } from './application/create-team.js';
import { EndSessionHandler, EndSessionsAtProviderHandler } from './application/end-session.js';
import { StartSessionHandler } from './application/start-session.js';
import { EraseUserHandler } from './application/erase-user.js';
import { IssueKeyHandler, RevokeKeyHandler } from './application/issue-key.js';
import { UnlinkCandidateHandler } from './application/unlink-candidate.js';
import { Candidates, Teams, Users } from './domain/ports.js';
import { MachineDirectory, ServiceAccounts } from './domain/service-accounts.js';
import { Sessions } from './domain/sessions.js';
import { SignInDirectory } from './domain/sign-in-directory.js';
import { AccessSettings, accessSettings } from './settings.js';
import { AdminNoticesView } from './views/admin-notices.js';
import { AuditLogView } from './views/audit-log.js';
import { IsAnyoneLinkedHandler } from './views/linked-candidate.js';
import { FindUserHandler } from './views/find-user.js';
import { NameUsersHandler } from './views/name-users.js';
import { ServiceAccountsView } from './views/service-accounts.js';
import { UsersView } from './views/users.js';
import { SignInChoicesView } from './views/sign-in-choices.js';
import { accessVersions } from './adapters/postgres/versions.js';
import { LastChangeView } from './views/last-change.js';
import { LastChanges } from '#platform/versions/last-changes';

export function identityProvider(
  { publicUrl, credentialsKeys }: Settings,
  { auth }: AccessSettings,
  clock: Clock,
): IdentityProvider {
  if (auth) return new OidcProvider({ ...auth, tokens: { ...auth.tokens, clientId: auth.clientId } }, clock);
  const newest = credentialsKeys[0];
  if (!newest) throw new Error('A local run needs a key to sign its tokens with.');
  return new LocalProvider(publicUrl, newest.key, clock);
}

/** The use case without the Nest application, for the command `team:create`. */
export const teamCreation = (em: EntityManager): CreateTeamHandler =>
  new CreateTeamHandler(
    new PostgresUnitOfWork(em),
    new PostgresTeams(em),
    new PostgresUsers(em, new Database(em)),
    new SystemClock(),
    new PostgresAudit(new Database(em)),
  );
export { CreateTeam };

/** Global, because the guard of every context needs its `Authenticator`, its `BrowserSessions` and its `ApiKeys`, and the service its `LastChanges`. */
@Global()
@Module({
  controllers: [
    MeController,
    UsersController,
    ServiceAccountsController,
    AuditLogController,
    ConsoleConfigController,
    SignInController,
    SignOutController,
    TeamChoiceController,
    DevSignInController,
  ],
  providers: [
    { provide: AccessSettings, useFactory: () => readPart(accessSettings) },
    { provide: IdentityProvider, useFactory: identityProvider, inject: [Settings, AccessSettings, Clock] },
    { provide: Authenticator, useClass: TokenAuthenticator },
    { provide: SignInDirectory, useClass: PostgresSignInDirectory },
    { provide: BrowserSessions, useClass: SessionAuthenticator },
    { provide: ApiKeys, useClass: KeyAuthenticator },
    { provide: Sessions, useClass: PostgresSessions },
    { provide: ServiceAccounts, useClass: PostgresServiceAccounts },
    { provide: MachineDirectory, useClass: PostgresMachineDirectory },
    { provide: Teams, useClass: PostgresTeams },
    { provide: Users, useClass: PostgresUsers },
    { provide: Candidates, useClass: LocatedCandidates },
    OpenIdClient,
    LogoutTokens,
    SealedCookies,
    PendingSignIns,
    TeamQuestion,
    BrowserSignIn,
    CreateTeamHandler,
    StartSessionHandler,
    EndSessionHandler,
    EndSessionsAtProviderHandler,
    AddUserHandler,
    ChangeUserHandler,
    UserAudit,
    EraseUserHandler,
    UserLedger,
    DeleteEndedSessions,
    AddServiceAccountHandler,
    ChangeServiceAccountHandler,
    DeleteServiceAccountHandler,
    IssueKeyHandler,
    RevokeKeyHandler,
    DeleteExpiredKeys,
    UnlinkCandidateHandler,
    NameUsersHandler,
    FindUserHandler,
    IsAnyoneLinkedHandler,
    AdminNoticesView,
    AuditLogView,
    UsersView,
    SignInChoicesView,
    UserLocator,
    ServiceAccountsView,
    ServiceAccountLocator,
    ...accessVersions,
    { provide: LastChanges, useClass: LastChangeView },
  ],
  exports: [Authenticator, BrowserSessions, ApiKeys, LastChanges],
})
export class AccessModule {}
