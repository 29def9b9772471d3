common_opts = ["--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--reneg"]
subprocess.run(["curl", "--tlsv1.0", url])
