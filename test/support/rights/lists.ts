/**
 * The places whose records each list finds: o(wn), t(he other), s(ecret), f(oreign), - none. Words in braces are ids of that
 * place's records. A record that is not found is not counted, and appears nowhere in the response.
 */
export const lists = `
                                          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
/jobs                                       ots      ots       ot       ots       o      o      o      o        -        f        -      -    ots   ots      o
/jobs?search=marksecret                       s        s        -         s       -      -      -      -        -        -        -      -      s     s      -
/jobs?search=mark&status=open               ots      ots       ot       ots       o      o      o      o        -        f        -      -    ots   ots      o
/candidates                                 ots      ots       ot       ots       o      o      o      o        -        f        -      -    ots   ots      o
/candidates?search=marksecret                 s        s        -         s       -      -      -      -        -        -        -      -      s     s      -
/candidates?email=marksecret@example.org      s        s        -         s       -      -      -      -        -        -        -      -      s     s      -
/candidates?job_id={secret.jobId}              s        s        -         s       -      -      -      -        -        -        -      -      s     s      -
/candidates?job_id={foreign.jobId}             -        -        -         -       -      -      -      -        -        f        -      -      -     -      -
/applications                               ots      ots       ot       ots       o      o      o      o        -        f        -      -    ots   ots      o
/applications?job_id={secret.jobId}            s        s        -         s       -      -      -      -        -        -        -      -      s     s      -
/applications?candidate_id={other.candidateId}  t       t        t         t       -      -      -      -        -        -        -      -      t     t      -
/applications?stage_id={secret.stageId}        s        s        -         s       -      -      -      -        -        -        -      -      s     s      -
/applications?status=active                 ots      ots       ot       ots       o      o      o      o        -        f        -      -    ots   ots      o
/background_checks                          ots       ts       ot       ots       o      o      o      o        -        f        -      -    ots   ots      o
/background_checks?status=complete          ots       ts       ot       ots       o      o      o      o        -        f        -      -    ots   ots      o
/background_checks?result=reject            ots       ts        -         s       -      -      o      -        -        f        -      -    ots     -      o
/background_checks?job_id={secret.jobId}       s        s        -         s       -      -      -      -        -        -        -      -      s     s      -
/background_checks?application_id={own.applicationId}  o -       o         o       o      o      o      o        -        -        -      -      o     o      o
/background_checks?candidate_id={own.candidateId}  o    -        o         o       o      o      o      o        -        -        -      -      o     o      o
/background_checks?candidate_id={foreign.candidateId}  - -       -         -       -      -      -      -        -        f        -      -      -     -      -
/integrations/certn/webhook_events              ots       ts        -         -       -      -      -      -        -        f        -      -    ots   ots      -
/integrations/certn/webhook_events?background_check_id={own.checkId}  o - -    -       -      -      -      -        -        -        -      -      o     o      -
/integrations/certn/webhook_events?case_id={own.caseId}  o  -        -         -       -      -      -      -        -        -        -      -      o     o      -
/audit_log?action=background_check.send         ots      ots        -         -       -      -      -      -        -        f        -      -      -     -      -
/audit_log?action=background_check.send&entity_id={own.checkId}             o        o        -         -       -      -      -      -        -        -        -      -      -     -      -
/audit_log?action=background_check.send&entity_id={foreign.checkId}         -        -        -         -       -      -      -      -        -        f        -      -      -     -      -
`;

/** The places whose changes each caller gets on `/updates`, and the places whose results they may see. */
export const rights = `
          admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
sees        ots      ots       ot       ots       o      o      o      o        -        f        -      -    ots   ots      o
hears       ots       ts       ot       ots       o      o      o      o        -        f        -      -    ots   ots      o
results     ots       ts        -         s       -      -      o      -        -        f        -      -    ots     -      o
`;
