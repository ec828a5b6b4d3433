-- The meters by which these people used a wallet (parameters: wallet, spenders, limit). Those that charge now are few and stand in an
-- index of their own; the others are in one that no charge touches.
(select id from credits_meter
  where wallet_id = %(wallet)s and state in ('ready', 'paused', 'ended') and spender_id = any(%(spenders)s::bigint[]) limit %(limit)s)
union all
(select id from credits_meter
  where wallet_id = %(wallet)s and state in ('free', 'running', 'empty') and spender_id = any(%(spenders)s::bigint[]))
