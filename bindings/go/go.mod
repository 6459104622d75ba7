module example.com/change

go 1.19
