aws elbv2 describe-ssl-policies --names ELBSecurityPolicy-2016-08
aws elbv2 modify-listener --ssl-policy ELBSecurityPolicy-2016-08
