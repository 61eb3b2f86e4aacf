"""The capacity probe against lines of known rates, with iperf3 beside it in every cell.

cells     what is tried
traffic   what others send meanwhile
stage     a cell's network
measure   runs the cells
table     what becomes of them
"""
