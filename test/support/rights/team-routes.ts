/**
 * Users, service accounts, the audit log, integrations, signing in, and privacy. Sessions begin with requests that only a browser on
 * one of our own pages can send.
 */
export const teamRoutes = `
GET /ats/v0/me
GET /ats/v0/changes
GET /ats/v0/integrations
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        200      200      200       200     200    200    200    200      200      200      401     401   200   200    200

GET /ats/v0/users
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        200      200      200       200     200    200    200    200      200      200      401     401   403   403    403

POST /ats/v0/users
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        201      201      403       403     403    403    403    403      403      201      401     401   403   403    403

GET /ats/v0/users/{id}
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         200      200      200       200     200    200    200    200      200      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      200      401     401   403   403    403

PATCH /ats/v0/users/{id}
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         200      200      403       403     403    403    403    403      403      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      200      401     401   403   403    403

POST /ats/v0/users/{id}/erase
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         204      204      403       403     403    403    403    403      403      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      204      401     401   403   403    403

GET /ats/v0/service_accounts
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        200      200      403       403     403    403    403    403      403      200      401     401   403   403    403

POST /ats/v0/service_accounts
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        201      201      403       403     403    403    403    403      403      201      401     401   403   403    403

GET /ats/v0/service_accounts/{id}
PATCH /ats/v0/service_accounts/{id}
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         200      200      403       403     403    403    403    403      403      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      200      401     401   403   403    403

POST /ats/v0/service_accounts/{id}/keys
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         201      201      403       403     403    403    403    403      403      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      201      401     401   403   403    403

DELETE /ats/v0/service_accounts/{id}
DELETE /ats/v0/service_accounts/{id}/keys/{key_id}
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         204      204      403       403     403    403    403    403      403      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      204      401     401   403   403    403

GET /ats/v0/audit_log
GET /ats/v0/retention_rule
PUT /ats/v0/retention_rule
GET /ats/v0/retention_rule/due
GET /ats/v0/retention_rule/failures
GET /ats/v0/result_retention_rule
PUT /ats/v0/result_retention_rule
GET /ats/v0/result_retention_rule/due
GET /ats/v0/result_retention_rule/failures
GET /ats/v0/removed_results
GET /ats/v0/erasures
GET /ats/v0/webhook_endpoints
PUT /ats/v0/integrations/{vendor}
POST /ats/v0/integrations/{vendor}/test
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        200      200      403       403     403    403    403    403      403      200      401     401   403   403    403

GET /ats/v0/integrations/{vendor}
GET /ats/v0/integrations/{vendor}/webhook_events
GET /ats/v0/integrations/{vendor}/discrepancies
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        200      200      403       403     403    403    403    403      403      200      401     401   200   200    403

POST /ats/v0/webhook_endpoints
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        201      201      403       403     403    403    403    403      403      201      401     401   403   403    403

GET /ats/v0/webhook_endpoints/{id}
PATCH /ats/v0/webhook_endpoints/{id}
POST /ats/v0/webhook_endpoints/{id}/rotate_secret
GET /ats/v0/webhook_endpoints/{id}/attempts
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         200      200      403       403     403    403    403    403      403      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      200      401     401   403   403    403

POST /ats/v0/webhook_endpoints/{id}/test
POST /ats/v0/webhook_endpoints/{id}/replay
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         202      202      403       403     403    403    403    403      403      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      202      401     401   403   403    403

DELETE /ats/v0/webhook_endpoints/{id}
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         204      204      403       403     403    403    403    403      403      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      204      401     401   403   403    403

DELETE /ats/v0/integrations/{vendor}
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        204      204      403       403     403    403    403    403      403      204      401     401   403   403    403

POST /ats/v0/integrations/{vendor}/webhook_events/{id}/replay
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
own         202      404      403       403     403    403    403    403      403      404      401     401   403   403    403
other       202      202      403       403     403    403    403    403      403      404      401     401   403   403    403
secret      202      202      403       403     403    403    403    403      403      404      401     401   403   403    403
foreign     404      404      404       404     404    404    404    404      404      202      401     401   403   403    403

GET /ats/v0/integrations/{vendor}/packages
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        200      200      200       200     200    200    403    403      403      200      401     401   200   200    200

GET /console/config.json
GET /dev/users
GET /dev/demo
POST /dev/sign-in
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        200      200      200       200     200    200    200    200      200      200      200     200   200   200    200

POST /auth/sign-out
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        200      200      200       200     200    200    200    200      200      200      200     200   200   200    200

GET /auth/teams
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        401      401      401       401     401    401    401    401      401      401      401     401   401   401    401

POST /auth/teams
POST /dev/sessions
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
team        403      403      403       403     403    403    403    403      403      403      403     403   403   403    403
`;
