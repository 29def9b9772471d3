ctx.minimum_version = ssl.TLSv1_1
ctx.minimum_version = ssl.TLSv1_2
SITE = """
server {
    ssl_protocols TLSv1 TLSv1.2;
    ssl_protocols TLSv1.2 TLSv1.3;
}
"""
"""
Once upon a time:
    ssl_protocols TLSv1;
"""
